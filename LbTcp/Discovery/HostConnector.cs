using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using LbTcp.Backends;
using LbTcp.Connections;

namespace LbTcp.Discovery;

/// <summary>Dials a backend: tries all addresses of its host in order, within one time limit that is divided equally among them.</summary>
/// <param name="connector">Dials an address.</param>
/// <param name="resolver">Resolves the names of backends.</param>
/// <param name="dialSources">The addresses of this machine to dial from; null for the one that the system selects.</param>
internal sealed class HostConnector(IBackendConnector connector, HostResolver resolver, DialSources? dialSources = null)
{
    private readonly DialSources _sources = dialSources ?? DialSources.None;

    /// <summary>Dials the known addresses of <paramref name="backend"/>; resolves its name first if none is known yet.</summary>
    /// <param name="backend">The backend.</param>
    /// <param name="port">The port to dial; null for the backend's own.</param>
    /// <param name="timeout">The time limit of the dial; a look-up gets the same limit of its own.</param>
    /// <param name="limit">Measures the time of each attempt.</param>
    /// <returns>
    /// A connection, or the error of the first address that failed for a reason other than a local fault;
    /// <see cref="SocketError.TimedOut"/> if it did not answer in its time. A local fault is reported only if no address failed for another
    /// reason.
    /// </returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ConnectionResult> ConnectAsync(Backend backend, int? port, TimeSpan timeout, IDialLimit limit)
    {
        SocketError? failure = null;
        if (backend.EndPoints.Length == 0)
        {
            SocketError error = await ResolveAsync(backend, timeout, limit);
            if (error is not SocketError.Success)
                return new ConnectionResult(null, error);
        }

        EndPoint[] endPoints = backend.EndPoints;
        foreach (EndPoint endPoint in endPoints)
        {
            CancellationToken attempt = limit.BeginAttempt(timeout / endPoints.Length);
            EndPoint dialled = port is { } other && endPoint is IPEndPoint host ? new IPEndPoint(host.Address, other) : endPoint;
            IPAddress[] sources = _sources.For(backend, dialled, out uint turn);
            ConnectionResult result;
            int tried = 0;
            do
            {
                IPAddress? source = sources.Length == 0 ? null : sources[(turn + tried) % sources.Length];

                // Completes on the connection's thread without its context; a pooled value task would post to that.
                result = await connector.ConnectAsync(dialled, source, attempt).ConfigureAwait(false);
            }
            while (++tried < sources.Length && SocketErrors.IsLackOfPorts(result.Error)); // each has ports of its own

            if (result.Connection is not null || limit.IsAbandoned || SocketErrors.IsExhaustion(result.Error))
                return result;
            SocketError error = limit.HasTimedOut ? SocketError.TimedOut : result.Error;
            failure = failure is { } first ? SocketErrors.MoreTelling(first, error) : error;
        }

        // The addresses of the name may have changed; a later dial uses the new ones.
        _ = resolver.RefreshAsync(backend);
        return new ConnectionResult(null, failure ?? SocketError.HostNotFound);
    }

    private async ValueTask<SocketError> ResolveAsync(Backend backend, TimeSpan timeout, IDialLimit limit)
    {
        CancellationToken attempt = limit.BeginAttempt(timeout);
        try
        {
            return await resolver.RefreshAsync(backend).WaitAsync(attempt);
        }
        catch (OperationCanceledException)
        {
            return SocketError.TryAgain;
        }
    }
}
