using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using LbTcp.Backends;
using LbTcp.Connections;

namespace LbTcp.Discovery;

/// <summary>
/// Dials a backend: tries up to eight addresses of its host, the one that answered last first, within one time limit that is divided
/// among them. Never resolves a name: that is the task of <see cref="BackendDiscovery"/>.
/// </summary>
/// <param name="connector">Dials an address.</param>
/// <param name="addresses">Remembers which addresses answer.</param>
/// <param name="dialSources">The addresses of this machine to dial from; null for the one that the system selects.</param>
internal sealed class HostConnector(IBackendConnector connector, AddressTracker addresses, DialSources? dialSources = null)
{
    private readonly DialSources _sources = dialSources ?? DialSources.None;

    /// <summary>Dials the known addresses of <paramref name="backend"/>.</summary>
    /// <param name="backend">The backend.</param>
    /// <param name="port">The port to dial; null for the backend's own.</param>
    /// <param name="timeout">The time limit of the dial.</param>
    /// <param name="limit">Measures the time of each attempt.</param>
    /// <returns>
    /// A connection, or the error of the first address that failed for a reason other than a local fault;
    /// <see cref="SocketError.TimedOut"/> if it did not answer in its time. A local fault is reported only if no address failed for another
    /// reason. <see cref="SocketError.HostNotFound"/> if the backend has no address.
    /// </returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ConnectionResult> ConnectAsync(Backend backend, int? port, TimeSpan timeout, IDialLimit limit)
    {
        SocketError? failure = null;
        DialOrder order = addresses.Order(backend);
        bool isChoice = order.EndPoints.Length > 1 && port is null; // what listens on another port may be another program
        for (int i = 0; i < order.Count; i++)
        {
            EndPoint endPoint = order[i];
            CancellationToken attempt = limit.BeginAttempt(order.ShareOf(timeout, i));
            EndPoint dialled = port is { } other && endPoint is IPEndPoint host ? new IPEndPoint(host.Address, other) : endPoint;
            IPAddress[] sources = _sources.For(backend, dialled, out uint turn);
            ConnectionResult result;
            int tried = 0;
            bool isMissing = false;
            do
            {
                IPAddress? source = sources.Length == 0 ? null : sources[(turn + tried) % sources.Length];

                // Completes on the connection's thread without its context; a pooled value task would post to that.
                result = await connector.ConnectAsync(dialled, source, attempt).ConfigureAwait(false);
                isMissing |= result.Error is SocketErrors.SourceNotLocal;
            }
            while (++tried < sources.Length && SocketErrors.IsOfSource(result.Error)); // each has ports of its own

            if (isMissing && result.Error is not SocketErrors.SourceNotLocal)
                _sources.ReportMissing(backend); // the result does not tell
            if (isChoice && result.Connection is not null)
                addresses.Answered(backend, (IPEndPoint)endPoint);
            if (result.Connection is not null || SocketErrors.IsExhaustion(result.Error))
                return result;
            SocketError error = limit.HasTimedOut ? SocketError.TimedOut : result.Error;
            if (isChoice && (limit.HasTimedOut || !limit.IsAbandoned))
                addresses.Failed(backend, (IPEndPoint)endPoint, error);
            if (limit.IsAbandoned)
                return result;
            failure = failure is { } first ? SocketErrors.MoreTelling(first, error) : error;
        }

        SocketError reported = failure ?? SocketError.HostNotFound;
        if (!SocketErrors.IsLocalFault(reported)) // the addresses of the name may have changed; a later dial uses the new ones
            addresses.AllFailed(backend);
        return new ConnectionResult(null, reported);
    }
}
