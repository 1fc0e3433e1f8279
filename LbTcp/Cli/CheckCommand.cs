using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using LbTcp.Cli.Flags;
using LbTcp.Configuration;
using LbTcp.Configuration.Settings;
using LbTcp.Diagnostics;
using LbTcp.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace LbTcp.Cli;

/// <summary>
/// <c>lbtcp check</c>: validates the configuration and prints the effective settings, without listening. Errors of all files are reported
/// together, before anything is printed.
/// </summary>
internal sealed class CheckCommand : Command
{
    private readonly Argument<string[]> _files = new("FILE") { Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string> _against = new("--against") { Arity = ArgumentArity.ExactlyOne };
    private readonly Option<string> _client = new("--client") { Arity = ArgumentArity.ExactlyOne };
    private readonly TextWriter _output;
    private readonly ErrorOutput _error;
    private readonly CommandFlags _flags;
    private readonly IReadOnlyDictionary<string, string> _environment;

    /// <summary>Declares the command.</summary>
    /// <param name="output">Receives the settings.</param>
    /// <param name="error">Receives the warnings.</param>
    /// <param name="flags">The flags of the balancer, which are accepted here as well.</param>
    /// <param name="environment">The environment variables.</param>
    public CheckCommand(
        TextWriter output, ErrorOutput error, CommandFlags flags, IReadOnlyDictionary<string, string> environment)
        : base("check")
    {
        _output = output;
        _error = error;
        _flags = flags;
        _environment = environment;
        _files.Validators.Add(RefuseFlags);
        Add(_files);
        Add(_against);
        Add(_client);
        foreach (Option flag in flags.Groups.SelectMany(group => group.Flags))
            Add(flag);
        SetAction((parsed, _) => RunAsync(parsed, parsed.GetValue(_files) ?? [], parsed.GetValue(_against), parsed.GetValue(_client)));
    }

    /// <summary>Checks what the flags say, as <c>--validate</c> does.</summary>
    /// <exception cref="OperatorException">The configuration is wrong, or a name cannot be resolved.</exception>
    public Task<int> RunAsync(ParseResult parsed) => RunAsync(parsed, [], against: null, client: null);

    // The framework takes a flag that it does not know for a file.
    private static void RefuseFlags(ArgumentResult result)
    {
        foreach (Token token in result.Tokens.Where(token => token.Value.StartsWith('-')))
            result.AddError($"Unrecognized command or argument '{token.Value}'.");
    }

    private async Task<int> RunAsync(ParseResult parsed, string[] files, string? against, string? client)
    {
        if (client is not null)
            _ = AccessCheck.ReadClient(_client.Name, client); // before anything is printed
        if (against is not null && files.Length != 1)
            throw new OperatorException(ExitCode.Usage, $"{_against.Name} compares one file: {Name} FILE {_against.Name} OLD.");
        ConfigurationResult[] configurations = ReadAll(parsed, files, against);
        HostOptions? before = against is null ? null : configurations[^1].Options;
        var checks = new List<CheckResult>();
        foreach (ConfigurationResult configuration in before is null ? configurations : configurations[..^1])
            checks.Add(await ResolveAsync(configuration));
        if (checks.SelectMany(check => check.Unresolved).ToArray() is { Length: > 0 } unresolved)
            throw new OperatorException(ExitCode.Usage, unresolved);
        foreach (CheckResult check in checks)
            Write(check, client, isOneOfMany: checks.Count > 1);
        if (before is not null)
            WritePlan(HostPlan.Between(before, checks[0].Options), files[0]);
        return (int)ExitCode.Success;
    }

    // Without files, flags and environment say where the backends are.
    private ConfigurationResult[] ReadAll(ParseResult parsed, string[] files, string? against)
    {
        string?[] sources = files.Length == 0 ? [null] : [.. files];
        ConfigurationResult[] configurations =
            [.. (against is null ? sources : [.. sources, against]).Select(file => Read(parsed, file))];
        ConfigurationError[] errors =
        [
            .. configurations.SelectMany(configuration => configuration.Errors).DistinctBy(error => (error.Place, error.Message)),
        ];
        return errors.Length == 0
            ? configurations
            : throw new OperatorException(ExitCode.Usage, errors); // what is wrong with the flags is found for each file
    }

    private ConfigurationResult Read(ParseResult parsed, string? file)
    {
        Dictionary<Setting, IReadOnlyList<string>> texts = new(_flags.Read(parsed));
        if (file is not null)
        {
            bool isJson = Path.GetExtension(file).Equals(".json", StringComparison.OrdinalIgnoreCase);
            Setting setting = isJson ? ServiceSettings.ConfigurationFile : ServiceSettings.BackendsFile;
            if (!texts.TryAdd(setting, [file]))
                throw new OperatorException(ExitCode.Usage, $"FILE and {setting.Flag} exclude each other; use one of them.");
            if (!isJson && texts.ContainsKey(ServiceSettings.Backends))
            {
                throw new OperatorException(
                    ExitCode.Usage, $"{ServiceSettings.Backends.Flag} and FILE exclude each other; use one of them.");
            }
        }

        return new ConfigurationReader(texts, _environment).Read();
    }

    private static async Task<CheckResult> ResolveAsync(ConfigurationResult configuration)
    {
        HostOptions options = configuration.Options!;
        var limit = ConnectionLimit.For(options);
        await using var discovery = DiscoveryEnvironment.Create(
            options.Discovery, NullLoggerFactory.Instance, new ServiceLoggers(NullLoggerFactory.Instance));
        return new(configuration, options, limit, await Resolution.ResolveAllAsync(options.Services, discovery));
    }

    private void Write(CheckResult check, string? client, bool isOneOfMany)
    {
        IEnumerable<string> certificates = check.Options.Services.SelectMany(
            service => StartWarnings.OfCertificates(service, TimeProvider.System.GetUtcNow()));
        IEnumerable<string> refused = check.Services.SelectMany(service => service.Refused);
        foreach (string warning in StartWarnings.Of(check.Configuration).Concat(StartWarnings.Of(check.Limit, check.Services))
            .Concat(certificates).Concat(refused))
            _error.WriteMessage($"warning: {warning}");
        if (isOneOfMany)
            _output.WriteLine($"# {check.SourceOf(check.Options.Services[0])}");
        if (client is not null)
        {
            IPAddress? address = AccessCheck.ReadClient(_client.Name, client);
            AccessCheck.Write(check.Options.Services, check.Configuration.Origins, address, _output);
            return;
        }

        new EffectiveSettings(_output, check.Configuration.Origins).Write(check.Options, check.Services, check.Limit);
    }

    private void WritePlan(HostPlan plan, string file)
    {
        _output.WriteLine();
        ReloadPlan.Write(plan, _output);
        if (plan.Refusals.Count > 0)
        {
            throw new OperatorException(
                ExitCode.Usage, [.. plan.Refusals.Select(refusal => new ConfigurationError(file, $"A reload is refused: {refusal}"))]);
        }
    }

    private sealed record CheckResult(
        ConfigurationResult Configuration, HostOptions Options, ConnectionLimit Limit, Resolution[] Services)
    {
        public IEnumerable<ConfigurationError> Unresolved => Services.SelectMany(
            service => service.Unresolved.Select(problem => new ConfigurationError(SourceOf(service.Service), problem)));

        public string SourceOf(ServiceOptions service) => Configuration.Origins.Describe(service.Name, ServiceSettings.Backends);
    }
}
