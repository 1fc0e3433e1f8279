using System.Net.Sockets;
using System.Runtime.CompilerServices;
using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Diagnostics;
using LbTcp.Discovery;
using Microsoft.Extensions.Logging;

namespace LbTcp.Forwarding;

/// <summary>Serves one client from the accept to the end record: picks a backend, dials it, relays, reports.</summary>
internal sealed partial class ConnectionHandler(
    ActiveConnections connections,
    ConnectionQueue queue,
    HostConnector connector,
    IConnectTracker tracker,
    ForwardingOptions options,
    ILogger<ConnectionHandler> logger)
{
    /// <summary>
    /// Serves <paramref name="connection"/> until it is tracked no longer. Never throws, and leaves nothing of the connection behind.
    /// </summary>
    public async Task HandleAsync(ActiveConnection connection)
    {
        try
        {
            await connection.Client.StartAsync();

            // From here on a plain await continues on the connection's thread. The two that every connection has complete there by
            // themselves: not asking for the thread's context saves a post for each.
            if (await ConnectAsync(connection).ConfigureAwait(false) is { } backend)
                await ConnectionRelay.RunAsync(connection, backend).ConfigureAwait(false);
            else
                await RefuseAsync(connection);
        }
        catch (ConnectionException failure)
        {
            connection.SideFailed(failure); // it could not even be started
            connection.Client.Abort();
        }
        catch (Exception exception)
        {
            connection.End(ConnectionEndReason.InternalError);
            Log.ConnectionFault(logger, connection.Id, exception);
        }
        finally
        {
            await EndAsync(connection);
        }
    }

    // Nothing was sent yet, so trying the next backend is safe; each one at most once.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<IConnection?> ConnectAsync(ActiveConnection connection)
    {
        ConnectionEndReason failure = ConnectionEndReason.NoBackendAvailable;
        for (int retriesLeft = options.Retries; retriesLeft >= 0 && !IsGone(connection); retriesLeft--)
        {
            if (await queue.AcquireAsync(connection) is not { } lease)
                break;
            Backend backend = lease.Backend;
            ConnectionResult result = await connector
                .ConnectAsync(backend, port: null, options.ConnectTimeout, connection)
                .ConfigureAwait(false); // as in HandleAsync
            if (result.Connection is not null)
            {
                connection.Established(result.Connection);
                tracker.Reached(backend);
                return result.Connection;
            }

            queue.Release(lease);
            connection.AttemptFailed(backend, SocketErrors.Describe(result.Error));
            if (connection.IsDecided)
                break; // the dial was given up, not refused
            tracker.Failed(backend, result.Error);
            failure = SocketErrors.IsLocalFault(result.Error) ? ConnectionEndReason.LocalFault
                : result.Error is SocketError.TimedOut ? ConnectionEndReason.ConnectTimeout
                : ConnectionEndReason.ConnectFailed;
            if (SocketErrors.IsExhaustion(result.Error))
                break; // it would hit every backend alike
        }

        connection.Decide(failure);
        return null;
    }

    private static bool IsGone(ActiveConnection connection)
    {
        if (!connection.IsDecided && connection.Client.IsReset)
            connection.Decide(ConnectionEndReason.ClientReset);
        return connection.IsDecided;
    }

    private async ValueTask RefuseAsync(ActiveConnection connection)
    {
        if (options.WhenAllDown is not WhenAllDown.Close)
        {
            connection.Client.Abort();
            return;
        }

        try
        {
            connection.SideEnded(ConnectionSide.LbTcp); // from here on the half-close limit applies
            LingeringClose close = LingeringClose.Begin(connection.Client, CancellationToken.None);
            connection.BytesMove(close, toClient: null);
            await close.Completion;
        }
        catch (ConnectionException)
        {
            // The client did not wait for the end; it is gone all the same.
        }
    }

    // The record comes before the end of the tracking: a drain that waits for the last connection does not end before its record.
    private async ValueTask EndAsync(ActiveConnection connection)
    {
        try
        {
            connection.Lease?.EndUse();
            if (connection.BackendConnection is { } backend)
                await backend.DisposeAsync();
            await connection.Client.DisposeAsync();
            if (options.AccessLog)
                EndRecordLog.ConnectionClosed(logger, connection.ToRecord());
        }
        finally
        {
            queue.Release(connection.Lease);
            connections.Untrack(connection);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.ConnectionFault, LogLevel.Error, "connection failed, a defect in lbtcp id={Id:x}")]
        public static partial void ConnectionFault(ILogger logger, long id, Exception exception);
    }
}
