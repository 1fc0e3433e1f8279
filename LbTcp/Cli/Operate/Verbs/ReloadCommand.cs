using System.CommandLine;
using LbTcp.Admin;
using LbTcp.Admin.Client;
using LbTcp.Configuration;
using LbTcp.Hosting.Operations;

namespace LbTcp.Cli.Operate.Verbs;

/// <summary><c>lbtcp reload</c>: reads the configuration again.</summary>
internal sealed class ReloadCommand : OperateCommand
{
    private readonly Option<bool> _dryRun = new("--dry-run")
    {
        Arity = ArgumentArity.Zero,
        Description = "print what would be changed, and change nothing",
    };

    /// <summary>Declares the verb.</summary>
    public ReloadCommand(VerbEnvironment environment)
        : base("reload", "read the configuration again and apply what changed", environment) => Add(_dryRun);

    /// <inheritdoc/>
    public override VerbHelp Help { get; } = new(
        "[--dry-run] [OPTION]...",
        "Reads the configuration files of the running process again, applies them as a whole, and prints every change. If there is a "
        + "mistake in them, nothing is changed, and all mistakes are printed.",
        "the configuration is refused, or lbtcp cannot be asked",
        "lbtcp reload --dry-run",
        "lbtcp reload");

    /// <inheritdoc/>
    protected override async Task<ExitCode> RunAsync(ParseResult parsed, AdminApi api, CancellationToken cancellationToken)
    {
        ReloadReport report = await api.ReloadAsync(parsed.GetValue(_dryRun), cancellationToken);
        if (IsJson(parsed))
            WriteJson(report, ApiJson.Default.ReloadReport);
        else
            Write(report);
        return report.Errors.Count == 0 ? ExitCode.Success : ExitCode.Failure;
    }

    private void Write(ReloadReport report)
    {
        foreach (string change in report.Changes)
            Output.WriteLine(SafeText.Escape(change));
        foreach (string error in report.Errors)
            Environment.Error.Write(SafeText.Escape(error) + Environment.Error.NewLine);
        if (report.Errors.Count > 0)
            Environment.Error.WriteMessage("The reload is refused; what ran before continues.");
        else if (report.Changes.Count == 0)
            Output.WriteLine("no change");
    }
}
