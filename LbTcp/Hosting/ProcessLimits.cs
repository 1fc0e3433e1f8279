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

    /// <summary>Computes the limits; must be called before sockets and logs are opened.</summary>
    public ProcessLimits(HostOptions options)
    {
        _reserved = ConnectionLimit.CountReserved(options);
        (Connections, Checks) = Compute(options.MaxConnections, options.BackendCount);
        Slots = new ConnectionSlots(Connections.Value);
        ProbePlaces = new ProbePlaces(Checks.Probes);
        HangUps = new HangUpPlaces(Checks.HangUps);
    }

    /// <summary>The limit of client connections and its origin.</summary>
    public ConnectionLimit Connections { get; private set; }

    /// <summary>The descriptors for health checks.</summary>
    public CheckBudget Checks { get; private set; }

    /// <summary>The slots for client connections.</summary>
    public ConnectionSlots Slots { get; }

    /// <summary>The places for health checks that run at the same time.</summary>
    public ProbePlaces ProbePlaces { get; }

    /// <summary>The places for connections of health checks that are being closed.</summary>
    public HangUpPlaces HangUps { get; }

    /// <summary>Changes the limits. Must be called by one thread at a time.</summary>
    /// <param name="maxConnections">The configured limit of connections; null to derive it from the descriptor limit.</param>
    /// <param name="backendCount">The number of backends of all services.</param>
    public void Change(int? maxConnections, int backendCount)
    {
        (Connections, Checks) = Compute(maxConnections, backendCount);
        Slots.Limit = Connections.Value;
        ProbePlaces.Limit = Checks.Probes;
        HangUps.Limit = Checks.HangUps;
    }

    private (ConnectionLimit Connections, CheckBudget Checks) Compute(int? maxConnections, int backendCount) => (
        ConnectionLimit.For(maxConnections, _descriptorLimit, _reserved, backendCount), CheckBudget.For(_descriptorLimit, backendCount));
}
