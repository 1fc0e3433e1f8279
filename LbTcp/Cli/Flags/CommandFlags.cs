using System.CommandLine;
using LbTcp.Configuration;
using LbTcp.Configuration.Settings;

namespace LbTcp.Cli.Flags;

/// <summary>Every flag of the program, and the one mapping from flags to options.</summary>
internal sealed class CommandFlags
{
    private readonly ServiceFlags _service = new();
    private readonly HealthCheckFlags _healthCheck = new();
    private readonly PassiveHealthFlags _passiveHealth = new();
    private readonly ForwardingFlags _forwarding = new();
    private readonly HostFlags _host = new();

    private readonly Option<bool> _validate = new("--validate")
    {
        Arity = ArgumentArity.Zero,
        Description = "the same as the verb check: check the configuration, print the effective settings, and exit without listening",
    };

    /// <summary>All flags but <c>--help</c> and <c>--version</c>, in the order of the help page.</summary>
    public IReadOnlyList<FlagGroup> Groups =>
        [_service.Group, _healthCheck.Group, _passiveHealth.Group, _forwarding.Group, .. _host.Groups, new("Other", [_validate])];

    /// <summary>Whether to check everything and exit without listening.</summary>
    public bool IsValidateOnly(ParseResult parsed) => parsed.GetValue(_validate);

    /// <summary>Reads the options that the flags set.</summary>
    /// <param name="parsed">A command line without errors.</param>
    /// <param name="backendsFile">A backends file that is given otherwise, in place of the flag; null if none is.</param>
    /// <exception cref="OperatorException">The flags contradict each other, or the backends file cannot be used.</exception>
    public HostOptions Read(ParseResult parsed, string? backendsFile = null)
    {
        ServiceOptions service = _service.Read(parsed, backendsFile) with
        {
            HealthCheck = _healthCheck.Read(parsed),
            PassiveHealth = _passiveHealth.Read(parsed),
            Forwarding = _forwarding.Read(parsed),
        };
        if (service.FindConflict() is { } conflict)
            throw new OperatorException(ExitCode.Usage, Describe(conflict));
        return _host.Read(parsed, service);
    }

    private static string Describe(SettingConflict conflict) =>
        $"{FlagName.Of(conflict.Wrong)} is {conflict.Value}, "
        + $"which is {conflict.Relation} {FlagName.Of(conflict.Other)}, {conflict.OtherValue}.";
}
