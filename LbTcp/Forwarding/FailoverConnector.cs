using System.Net.Sockets;
using System.Runtime.CompilerServices;
using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Diagnostics;
using LbTcp.Discovery;

namespace LbTcp.Forwarding;

/// <summary>
/// Connects a client to a backend: picks one, waits for a slot at it, dials it, and tries another one when it cannot be reached.
/// </summary>
internal sealed class FailoverConnector(
    ConnectionQueue queue,
    HostConnector connector,
    IConnectTracker tracker,
    LocalFaults localFaults,
    ServiceTraffic? traffic,
    CurrentOptions<ForwardingOptions> options)
{
    /// <summary>
    /// Connects <paramref name="connection"/>, which then holds a slot at its backend until <see cref="Release"/>. No byte was sent yet, so
    /// trying the next backend is safe; each one is tried at most once. Completes on the connection's thread.
    /// </summary>
    /// <returns>The connection to the backend; null when there is none, and it was decided why the client's connection ends.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<IConnection?> ConnectAsync(ActiveConnection connection)
    {
        ConnectionEndReason failure = ConnectionEndReason.NoBackendAvailable;
        for (int retriesLeft = options.Value.Retries; retriesLeft >= 0 && !IsGone(connection); retriesLeft--)
        {
            if (await queue.AcquireAsync(connection) is not { } lease)
                break;
            Backend backend = lease.Backend;

            // Completes on the connection's thread without its context; a pooled value task would post to that.
            ConnectionResult result = await connector
                .ConnectAsync(backend, port: null, options.Value.ConnectTimeout, connection.Dial)
                .ConfigureAwait(false);
            if (result.Connection is not null)
            {
                connection.Dial.Established(result.Connection);
                tracker.Reached(backend);
                traffic?.Connected(backend, connection.Dial.Duration ?? TimeSpan.Zero);
                return result.Connection;
            }

            queue.Release(lease);
            connection.Dial.Failed(backend, SocketErrors.Describe(result.Error));
            traffic?.DialFailed(backend, result.Error, isAbandoned: connection.IsDecided);
            if (connection.IsDecided)
                break; // the dial was given up, not refused
            tracker.Failed(backend, result.Error);
            localFaults.Record(result.Error, backend);
            failure = ReasonOf(result.Error);
            if (SocketErrors.IsExhaustion(result.Error))
                break; // it would hit every backend alike
        }

        connection.Decide(failure);
        return null;
    }

    /// <summary>Releases the slot that <paramref name="connection"/> holds, if any; clients that wait for it are served.</summary>
    public void Release(ActiveConnection connection) => queue.Release(connection.Dial.Lease);

    private static bool IsGone(ActiveConnection connection)
    {
        if (!connection.IsDecided && connection.Client.IsReset)
            connection.Decide(ConnectionOutcome.ReasonOf(connection.Client));
        return connection.IsDecided;
    }

    private static ConnectionEndReason ReasonOf(SocketError error) =>
        SocketErrors.IsLocalFault(error) ? ConnectionEndReason.LocalFault
        : error is SocketError.TimedOut ? ConnectionEndReason.ConnectTimeout
        : ConnectionEndReason.ConnectFailed;
}
