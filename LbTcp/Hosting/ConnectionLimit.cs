using LbTcp.Configuration;
using LbTcp.Connections.Linux;
using LbTcp.Hosting.Operations;

namespace LbTcp.Hosting;

/// <summary>
/// The maximum number of concurrent client connections, and its origin. A connection takes two descriptors, one for each side.
/// </summary>
/// <param name="Value">The number; at least 1.</param>
/// <param name="Origin">The origin of the number: "descriptor limit 20000", "--max-connections".</param>
/// <param name="Warning">A warning for the operator, or null.</param>
internal sealed record ConnectionLimit(int Value, string Origin, string? Warning)
{
    private const int BaseReserve = 64;

    /// <summary>
    /// Computes the limit of this process from the descriptors that are open now; must be called before sockets and logs are opened.
    /// </summary>
    public static ConnectionLimit For(HostOptions options) =>
        For(
            options.MaxConnections,
            DescriptorLimit.Read(),
            CountReserved(options) + DiscoveryEnvironment.Descriptors(options, DescriptorLimit.Read()),
            options.BackendCount);

    /// <summary>
    /// Counts the descriptors that are open now or are reserved for the transport and the admin endpoint; must be called before sockets and
    /// logs are opened.
    /// </summary>
    public static int CountReserved(HostOptions options)
    {
        int pipes = options.TransportKind is TransportKind.Sockets
            ? 0
            : EpollTransport.PipeDescriptors(Environment.ProcessorCount);
        return DescriptorLimit.CountOpen() + pipes + (options.Admin is null ? 0 : OperatorListener.Descriptors);
    }

    /// <summary>Returns the limit of a service with the given share of the connections; null for no share.</summary>
    public ConnectionLimit ForShare(int? share) =>
        share < Value ? this with { Value = share.Value, Origin = "the max_connections of the service" } : this;

    /// <summary>Computes a limit.</summary>
    /// <param name="requested">The value of <c>--max-connections</c>, or null.</param>
    /// <param name="descriptorLimit">The number of descriptors that the process may open; null if unknown.</param>
    /// <param name="openDescriptors">
    /// The number of descriptors that are already open (dozens, without native compilation) or are reserved for the transport and for
    /// look-ups.
    /// </param>
    /// <param name="backendCount">The number of backends, on which the number of descriptors for checks depends.</param>
    public static ConnectionLimit For(int? requested, long? descriptorLimit, int openDescriptors, int backendCount)
    {
        int possible = Possible(descriptorLimit ?? DescriptorLimit.Assumed, openDescriptors, backendCount);
        string origin = descriptorLimit is null
            ? $"assumed descriptor limit {DescriptorLimit.Assumed}"
            : $"descriptor limit {descriptorLimit}";
        if (requested is not { } number)
            return new(possible, origin, null);
        if (descriptorLimit is null || number <= possible)
            return new(number, "--max-connections", null);
        return new(possible, origin,
            $"--max-connections {number} is more than the descriptor limit {descriptorLimit} allows, using {possible}. "
            + "Raise it with 'ulimit -n' or LimitNOFILE.");
    }

    // The reserve is for listeners, logs, the runtime, and checks; it takes at most half of a small limit.
    private static int Possible(long descriptorLimit, int openDescriptors, int backendCount)
    {
        long reserve = Math.Min(descriptorLimit / 2, BaseReserve + CheckBudget.For(descriptorLimit, backendCount).Descriptors);
        return (int)Math.Clamp((descriptorLimit - openDescriptors - reserve) / 2, 1, int.MaxValue);
    }
}
