using System.CommandLine;
using System.CommandLine.Parsing;
using LbTcp.Cli.Flags;
using LbTcp.Configuration;
using LbTcp.Configuration.Settings;
using LbTcp.Discovery;
using LbTcp.Hosting;

namespace LbTcp.Cli;

/// <summary>
/// <c>lbtcp check</c>: validates the configuration and prints the effective settings, without listening. Errors of all files are reported
/// together, before anything is printed.
/// </summary>
internal sealed class CheckCommand : Command
{
    private readonly Argument<string[]> _files = new("FILE") { Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string> _against = new("--against") { Arity = ArgumentArity.ExactlyOne };
    private readonly TextWriter _output;
    private readonly ErrorOutput _error;
    private readonly CommandFlags _flags;

    /// <summary>Declares the command.</summary>
    /// <param name="output">Receives the settings.</param>
    /// <param name="error">Receives the warnings.</param>
    /// <param name="flags">The flags of the balancer, which are accepted here as well.</param>
    public CheckCommand(TextWriter output, ErrorOutput error, CommandFlags flags)
        : base("check")
    {
        _output = output;
        _error = error;
        _flags = flags;
        _files.Validators.Add(RefuseFlags);
        Add(_files);
        Add(_against);
        foreach (Option flag in flags.Groups.SelectMany(group => group.Flags))
            Add(flag);
        SetAction((parsed, _) => RunAsync(parsed, parsed.GetValue(_files) ?? [], parsed.GetValue(_against)));
    }

    /// <summary>Checks what the flags say, as <c>--validate</c> does.</summary>
    /// <exception cref="OperatorException">The configuration is wrong, or a name cannot be resolved.</exception>
    public Task<int> RunAsync(ParseResult parsed) => RunAsync(parsed, [], against: null);

    // The framework takes a flag that it does not know for a file.
    private static void RefuseFlags(ArgumentResult result)
    {
        foreach (Token token in result.Tokens.Where(token => token.Value.StartsWith('-')))
            result.AddError($"Unrecognized command or argument '{token.Value}'.");
    }

    private async Task<int> RunAsync(ParseResult parsed, string[] files, string? against)
    {
        if (against is not null && files.Length != 1)
            throw new OperatorException(ExitCode.Usage, $"{_against.Name} compares one file: {Name} FILE {_against.Name} OLD.");
        HostOptions[] configurations = ReadAll(parsed, files, against);
        HostOptions? before = against is null ? null : configurations[^1];
        var checks = new List<CheckResult>();
        foreach (HostOptions options in before is null ? configurations : configurations[..^1])
            checks.Add(await ResolveAsync(options));
        if (checks.SelectMany(check => check.Unresolved).ToArray() is { Length: > 0 } unresolved)
            throw new OperatorException(ExitCode.Usage, unresolved);
        foreach (CheckResult check in checks)
            Write(check, parsed, isOneOfMany: checks.Count > 1);
        if (before is not null)
            WritePlan(before, checks[0]);
        return (int)ExitCode.Success;
    }

    // Without files, the flags say where the backends are.
    private HostOptions[] ReadAll(ParseResult parsed, string[] files, string? against)
    {
        var configurations = new List<HostOptions>();
        var errors = new List<ConfigurationError>();
        string?[] sources = files.Length == 0 ? [null] : [.. files];
        foreach (string? file in against is null ? sources : [.. sources, against])
        {
            try
            {
                configurations.Add(Read(parsed, file));
            }
            catch (OperatorException exception)
            {
                errors.AddRange(exception.Errors);
            }
        }

        return errors.Count == 0
            ? [.. configurations]
            : throw new OperatorException(ExitCode.Usage, [.. errors.Distinct()]); // what is wrong with the flags is found for each file
    }

    private HostOptions Read(ParseResult parsed, string? file) =>
        Path.GetExtension(file)?.ToUpperInvariant() != ".JSON"
            ? _flags.Read(parsed, file)
            : throw new OperatorException(ExitCode.Usage, $"{SafeText.Escape(file!)} is not a backends file: JSON is not supported.");

    private static async Task<CheckResult> ResolveAsync(HostOptions options)
    {
        var limit = ConnectionLimit.For(options);
        return new(limit, await Resolution.ResolveAllAsync(options.Services, new HostResolver(), TimeProvider.System));
    }

    private void Write(CheckResult check, ParseResult parsed, bool isOneOfMany)
    {
        foreach (string warning in StartWarnings.Of(check.Limit, check.Services))
            _error.WriteMessage($"warning: {warning}");
        if (isOneOfMany)
            _output.WriteLine($"# {check.Source}");
        EffectiveSettings.Write(_output, check.Services[0], check.Limit, _flags, parsed);
    }

    private void WritePlan(HostOptions before, CheckResult after)
    {
        _output.WriteLine();
        foreach (string line in ReloadPlan.Describe(before.Services[0].Backends, after.Services[0].Service.Backends))
            _output.WriteLine(line);
    }

    private sealed record CheckResult(ConnectionLimit Limit, Resolution[] Services)
    {
        public string Source { get; } = SafeText.Escape(Services[0].Service.BackendsFile ?? FlagName.Of(ServiceSettings.Backends));

        public IEnumerable<ConfigurationError> Unresolved =>
            Services.SelectMany(service => service.Unresolved).Select(problem => new ConfigurationError(Source, problem));
    }
}
