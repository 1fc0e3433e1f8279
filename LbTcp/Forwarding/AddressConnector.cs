using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Connections;

namespace LbTcp.Forwarding;

/// <summary>Dials a backend: all addresses of its host in turn, within one time limit that they share.</summary>
internal sealed class AddressConnector(IBackendConnector connector, ForwardingOptions options)
{
    /// <summary>
    /// Dials <paramref name="backend"/> for <paramref name="connection"/>. The error of a failure is that of the first address that failed for a
    /// reason of its own, <see cref="SocketError.TimedOut"/> when its time was up.
    /// </summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ConnectionResult> ConnectAsync(ActiveConnection connection, Backend backend)
    {
        SocketError unknown = SocketError.HostNotFound;
        if (backend.EndPoints.Current.Length == 0)
            unknown = await ResolveAsync(connection, backend.EndPoints);

        SocketError? failure = null;
        IPEndPoint[] endPoints = backend.EndPoints.Current;
        foreach (IPEndPoint endPoint in endPoints)
        {
            ConnectAttempt attempt = connection.BeginAttempt(options.ConnectTimeout / endPoints.Length);
            // Completes on the connection's thread without its context; a pooled value task would post to that.
            ConnectionResult result = await connector.ConnectAsync(endPoint, attempt.Token).ConfigureAwait(false);
            if (result.Connection is not null || connection.IsDecided || SocketErrors.IsExhaustion(result.Error))
                return result;
            SocketError error = attempt.TimedOut ? SocketError.TimedOut : result.Error;
            failure = failure is { } first ? SocketErrors.MoreTelling(first, error) : error;
        }

        // The name may stand for other addresses by now; whoever comes next finds out.
        _ = backend.EndPoints.RefreshAsync();
        return ConnectionResult.Failed(failure ?? unknown);
    }

    private async ValueTask<SocketError> ResolveAsync(ActiveConnection connection, HostEndPoints endPoints)
    {
        ConnectAttempt attempt = connection.BeginAttempt(options.ConnectTimeout);
        try
        {
            return await endPoints.RefreshAsync().WaitAsync(attempt.Token);
        }
        catch (OperationCanceledException)
        {
            return SocketError.TryAgain;
        }
    }
}
