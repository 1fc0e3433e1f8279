using System.CommandLine;
using LbTcp.Configuration;
using LbTcp.Connections.Linux;
using LbTcp.Hosting;

namespace LbTcp.Cli.Flags;

/// <summary>Every flag of the program, and the one way from flags to options.</summary>
internal sealed class CommandFlags
{
    private readonly PoolFlags _pool = new();
    private readonly HealthCheckFlags _healthCheck = new();
    private readonly PassiveHealthFlags _passiveHealth = new();
    private readonly ForwardingFlags _forwarding = new();
    private readonly ProcessFlags _process = new();
    private readonly LogFlags _log = new();

    private readonly Option<bool> _validate = new("--validate")
    {
        Arity = ArgumentArity.Zero,
        Description = "check everything, resolve names, print the effective settings, and end without listening",
    };

    /// <summary>All flags but <c>--help</c> and <c>--version</c>, in the order of the help page.</summary>
    public IReadOnlyList<FlagGroup> Groups =>
        [_pool.Group, _healthCheck.Group, _passiveHealth.Group, _forwarding.Group, _process.Group, _log.Group, new("Other", [_validate])];

    /// <summary>What the operator asked for.</summary>
    /// <param name="parsed">A command line without errors.</param>
    /// <param name="descriptorLimit">How many descriptors this process may open, or null when unknown.</param>
    /// <param name="openDescriptors">How many are open already.</param>
    /// <exception cref="OperatorException">The flags contradict each other, or the backends file cannot be used.</exception>
    public CommandOptions Read(ParseResult parsed, long? descriptorLimit, int openDescriptors)
    {
        var (backends, file) = _pool.ReadBackends(parsed);
        TransportKind transport = _process.ReadTransportKind(parsed);
        int pipes = transport is TransportKind.Sockets ? 0 : EpollTransport.PipeDescriptors(descriptorLimit, Environment.ProcessorCount);
        var limit = ConnectionLimit.For(_process.ReadMaxConnections(parsed), descriptorLimit, openDescriptors + pipes, backends.Count);
        return new CommandOptions
        {
            Listen = _pool.ReadListen(parsed),
            Backends = backends,
            BackendsFile = file,
            Algorithm = _pool.ReadAlgorithm(parsed),
            SlowStart = _pool.ReadSlowStart(parsed),
            HealthCheck = _healthCheck.Read(parsed),
            PassiveHealth = _passiveHealth.Read(parsed),
            Forwarding = _forwarding.Read(parsed),
            ConnectionLimit = limit,
            LoadBalancer = new LoadBalancerOptions { MaxConnections = limit.Value, DrainTimeout = _process.ReadDrainTimeout(parsed) },
            TransportKind = transport,
            Transport = _process.ReadTransport(parsed),
            LogLevel = _log.ReadLevel(parsed),
            LogFormat = _log.ReadFormat(parsed),
            ValidateOnly = parsed.GetValue(_validate),
        };
    }
}
