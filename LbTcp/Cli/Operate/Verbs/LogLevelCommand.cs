using System.CommandLine;
using LbTcp.Admin.Client;
using LbTcp.Cli.Operate.Flags;
using LbTcp.Configuration.Settings;
using LbTcp.Hosting.Operations;
using Microsoft.Extensions.Logging;

namespace LbTcp.Cli.Operate.Verbs;

/// <summary><c>lbtcp log-level</c>: changes the minimum level of log lines.</summary>
internal sealed class LogLevelCommand : OperateCommand
{
    private readonly VerbArgument<LogLevel> _level = new("LEVEL", HostSettings.LogLevel);

    /// <summary>Declares the verb.</summary>
    public LogLevelCommand(VerbEnvironment environment)
        : base("log-level", "change the minimum level of log lines", environment) => Add(_level);

    /// <inheritdoc/>
    public override VerbHelp Help { get; } = new(
        "LEVEL [OPTION]...",
        "Changes the minimum level of log lines until a reload changes log_level. LEVEL is trace, debug, info, warn or error.",
        "it failed",
        "lbtcp log-level debug");

    /// <inheritdoc/>
    protected override async Task<ExitCode> RunAsync(ParseResult parsed, AdminApi api, CancellationToken cancellationToken)
    {
        ChangeResult result = await api.SetLogLevelAsync(_level.Read(parsed), cancellationToken);
        WriteResult(result, IsJson(parsed));
        return ExitCode.Success;
    }
}
