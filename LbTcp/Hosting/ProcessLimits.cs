using LbTcp.Configuration;
using LbTcp.Forwarding;
using LbTcp.Health;

namespace LbTcp.Hosting;

/// <summary>
/// The limits that follow from the number of descriptors that the process may open: slots for clients and places for checks. They change
/// with the configuration and the number of backends; nothing is taken from those that have a slot or a place.
/// </summary>
internal sealed class ProcessLimits
{
    private readonly long? _descriptorLimit = DescriptorLimit.Read();
    private readonly int _reserved;
    private readonly Lock _gate = new();

    /// <summary>Computes the limits; must be called before sockets and logs are opened.</summary>
    public ProcessLimits(HostOptions options)
    {
        _reserved = ConnectionLimit.CountReserved(options);
        (Connections, Checks) = Compute(options, options.BackendCount);
        Slots = new ConnectionSlots(Connections.Value);
        ProbePlaces = new ProbePlaces(Checks.Probes, Checks.HangUps);
        HangUps = new HangUpPlaces(Checks.HangUps);
    }

    /// <summary>The limit of client connections and its origin.</summary>
    public ConnectionLimit Connections { get; private set; }

    /// <summary>The descriptors for health checks.</summary>
    public CheckBudget Checks { get; private set; }

    /// <summary>
    /// The number of descriptors that the process may open; <see cref="long.MaxValue"/> for no limit, null if the system does not tell.
    /// </summary>
    public long? Descriptors => _descriptorLimit;

    /// <summary>The slots for client connections.</summary>
    public ConnectionSlots Slots { get; }

    /// <summary>The places for health checks that run at the same time.</summary>
    public ProbePlaces ProbePlaces { get; }

    /// <summary>The places for connections of health checks that are being closed.</summary>
    public HangUpPlaces HangUps { get; }

    /// <summary>Changes the limits. Safe to call on any thread.</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="backendCount">The number of backends of all services; a name may stand for several.</param>
    public void Change(HostOptions options, int backendCount)
    {
        lock (_gate)
        {
            (Connections, Checks) = Compute(options, backendCount);
            Slots.Limit = Connections.Value;
            ProbePlaces.Limit = Checks.Probes;
            ProbePlaces.LateLimit = Checks.HangUps;
            HangUps.Limit = Checks.HangUps;
        }
    }

    private (ConnectionLimit Connections, CheckBudget Checks) Compute(HostOptions options, int backendCount)
    {
        int reserved = _reserved + DiscoveryEnvironment.Descriptors(options, _descriptorLimit);
        return (
            ConnectionLimit.For(options.MaxConnections, _descriptorLimit, reserved, backendCount),
            CheckBudget.For(_descriptorLimit, backendCount));
    }
}
