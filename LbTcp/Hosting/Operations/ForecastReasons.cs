using System.Net;
using LbTcp.Backends;
using LbTcp.Configuration;

namespace LbTcp.Hosting.Operations;

/// <summary>Says where a new connection of a client would go, and why.</summary>
internal static class ForecastReasons
{
    /// <summary>Returns the reason for the pick, then why each other backend gets no connection, in clauses.</summary>
    /// <param name="picked">The backend that would be picked; null if none can be, or if that depends on chance.</param>
    /// <param name="client">The address of the client.</param>
    /// <param name="backends">The backends of the service.</param>
    /// <param name="options">The options of the service.</param>
    public static IReadOnlyList<string> Of(
        Backend? picked, IPAddress client, IReadOnlyList<BackendFacts> backends, ServiceOptions options) =>
    [
        picked is null ? OfNone(backends, options) : OfPick(picked, client, options.Algorithm),
        .. backends
            .Select(facts => (facts.Backend.Name, Absence: StateReason.OfAbsence(facts)))
            .Where(other => other.Absence is not null)
            .Select(other => $"{other.Name} gets none: {other.Absence}"),
    ];

    private static string OfPick(Backend picked, IPAddress client, Algorithm algorithm) => algorithm switch
    {
        _ when !picked.IsHealthy => $"no backend is available: {picked.Name} is tried all the same",
        Algorithm.RoundRobin => $"roundrobin: it is the turn of {picked.Name}; each connection that comes before takes a turn",
        Algorithm.LeastConn =>
            $"leastconn: {picked.Name} has the fewest connections per weight, {picked.BusyConnections} with weight {picked.Weight}",
        Algorithm.Random => $"random: {picked.Name} is the only one with a free slot",
        Algorithm.Source => $"source: {client} belongs to {picked.Name} while the available backends stay the same",
        Algorithm.First => $"first: {picked.Name} is the first backend of the list with a free slot",
        _ => throw new InvalidOperationException($"Unknown algorithm {algorithm}."),
    };

    private static string OfNone(IReadOnlyList<BackendFacts> backends, ServiceOptions options)
    {
        if (backends.Any(facts => facts.IsAvailable))
            return "random: the one with fewer connections per weight of two that are drawn by weight";
        if (backends.Any(facts => facts.Shares.Includes(facts.Backend)))
        {
            ForwardingOptions forwarding = options.Forwarding;
            return forwarding.MaxQueue > 0
                ? $"all backends are full: the client waits in the queue for {Phrases.Of(forwarding.QueueTimeout)} at most"
                : "all backends are full and the queue is disabled: the client is reset";
        }

        return options.Forwarding.WhenAllDown switch
        {
            WhenAllDown.Close => "no backend is available: the connection is closed",
            _ => "no backend is available: the client is reset",
        };
    }
}
