using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using LbTcp.Backends;
using LbTcp.Connections;

namespace LbTcp.Forwarding;

/// <summary>Dials a backend: all addresses of its host in turn, within one time limit that they share.</summary>
internal sealed class AddressConnector(IBackendConnector connector, ForwardingOptions options)
{
    /// <summary>
    /// Dials <paramref name="backend"/> for <paramref name="connection"/>. The error of a failure is that of the last address;
    /// <see cref="SocketError.TimedOut"/> when the time was up.
    /// </summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ConnectResult> ConnectAsync(ActiveConnection connection, Backend backend)
    {
        ConnectResult result = new(null, SocketError.HostNotFound);
        IPEndPoint[] endPoints = backend.EndPoints.Current;
        if (endPoints.Length == 0)
        {
            result = new(null, await ResolveAsync(connection, backend.EndPoints));
            await connection.Client.ReturnAsync();
            endPoints = backend.EndPoints.Current;
        }

        foreach (IPEndPoint endPoint in endPoints)
        {
            ConnectAttempt attempt = connection.BeginAttempt(options.ConnectTimeout / endPoints.Length);
            result = await connector.ConnectAsync(endPoint, attempt.Token);
            if (result.Connection is not null || connection.IsDecided || SocketErrors.IsLocalFault(result.Error))
                return result;
            if (attempt.TimedOut)
                result = new(null, SocketError.TimedOut);
        }

        // The name may stand for other addresses by now; whoever comes next finds out.
        _ = backend.EndPoints.RefreshAsync();
        return result;
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
