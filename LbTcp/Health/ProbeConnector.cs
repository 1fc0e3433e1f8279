using System.Runtime.CompilerServices;
using LbTcp.Backends;
using LbTcp.Connections;
using LbTcp.Discovery;

namespace LbTcp.Health;

/// <summary>Dials a backend for a probe.</summary>
internal sealed class ProbeConnector(HostConnector connector, TimeProvider timeProvider)
{
    private readonly ProbeDeadlines _deadlines = new(timeProvider);

    /// <summary>Starts the time limit of a probe.</summary>
    /// <param name="limit">The time from now to the deadline.</param>
    /// <param name="cancellationToken">Ends all probing.</param>
    public ProbeDeadline BeginDeadline(TimeSpan limit, CancellationToken cancellationToken) => _deadlines.Begin(limit, cancellationToken);

    /// <summary>
    /// Dials the port of <paramref name="backend"/> that is checked; gives up at <paramref name="deadline"/>. Completes on the thread of
    /// the connection, without its context.
    /// </summary>
    /// <exception cref="OperationCanceledException">Probing ends.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ConnectionResult> ConnectAsync(Backend backend, ProbeDeadline deadline)
    {
        long begun = timeProvider.GetTimestamp();
        ConnectionResult result = await connector
            .ConnectAsync(backend, backend.Options.CheckPort, deadline.Limit, deadline)
            .ConfigureAwait(false);
        if (result.Connection is null)
            deadline.ThrowIfProbingEnds();
        else if (backend.Options.CheckPort is null) // what listens on another port may be another host
            backend.ConnectTime.Record(timeProvider.GetElapsedTime(begun));
        return result;
    }
}
