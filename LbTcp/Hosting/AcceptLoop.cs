using System.Net.Sockets;
using LbTcp.Connections;
using LbTcp.Diagnostics;
using LbTcp.Forwarding;
using Microsoft.Extensions.Logging;

namespace LbTcp.Hosting;

/// <summary>
/// Accepts clients while there are free connection slots, and passes each one to the handler. Errors of a client or its network, and
/// exhausted resources, do not end the loop; only an error of the listening socket itself does.
/// </summary>
internal sealed partial class AcceptLoop(
    ActiveConnections connections, ConnectionHandler handler, TimeProvider timeProvider, ILogger<AcceptLoop> logger)
{
    // The maximum number of clients of the system's queue that each loop accepts after the stop: a flood of new ones must not delay it for
    // long. Queues of systems rarely have more (net.core.somaxconn, 4096 unless changed).
    private const int MaxQueued = 65_536;

    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _warningInterval = TimeSpan.FromSeconds(1);

    private readonly LogThrottle _resourceThrottle = new(timeProvider, _warningInterval);
    private bool _isAtLimit;

    /// <summary>
    /// Accepts from one listener; may run for several listeners at the same time. After <paramref name="stopping"/> has fired, it accepts
    /// the clients that are in the system's queue, while there are free slots, and ends.
    /// </summary>
    /// <param name="listener">The listener.</param>
    /// <param name="stopping">Requests the end.</param>
    /// <param name="aborting">Ends it without the clients that are in the queue.</param>
    /// <exception cref="OperationCanceledException"><paramref name="stopping"/> has fired.</exception>
    /// <exception cref="InvalidOperationException">The listening socket was closed.</exception>
    /// <exception cref="SocketException">The listening socket does not work.</exception>
    public async Task RunAsync(IConnectionListener listener, CancellationToken stopping, CancellationToken aborting)
    {
        for (int queued = 0; queued < MaxQueued && !aborting.IsCancellationRequested;)
        {
            await WhenNotFullAsync(stopping);
            ConnectionResult accepted = await listener.AcceptAsync(stopping);
            if (stopping.IsCancellationRequested)
            {
                queued++;
                await Task.Yield(); // an accept that need not wait must not hold up the other work of the thread
            }

            if (accepted.Connection is { } client)
            {
                await ServeAsync(client, stopping);
                continue;
            }

            switch (accepted.Error)
            {
                case SocketError.OperationAborted:
                    stopping.ThrowIfCancellationRequested();
                    throw new InvalidOperationException("The listening socket was closed.");
                case SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Interrupted or SocketError.WouldBlock:
                    break; // the client disconnected before it was accepted
                case SocketError error when SocketErrors.IsLocalFault(error) || IsNetworkError(error):
                    if (_resourceThrottle.TryPass())
                        Log.AcceptOutOfDescriptors(logger, SocketErrors.Describe(error), connections.Count);
                    await Task.Delay(_pause, timeProvider, stopping);
                    break;
                default:
                    throw new SocketException((int)accepted.Error);
            }
        }
    }

    // Waits only if a client of another loop has taken the last slot. The handler never throws; its task is tracked by the slot.
    private async ValueTask ServeAsync(IConnection client, CancellationToken stopping)
    {
        try
        {
            ActiveConnection connection = await connections.TrackAsync(client, stopping);
            _ = handler.HandleAsync(connection);
        }
        catch (OperationCanceledException)
        {
            client.Abort(); // clients are no longer served
            throw;
        }
    }

    // One record per episode, however many clients come and go at the limit: an episode ends when a tenth of the slots is free, of the
    // service and of the process.
    private async ValueTask WhenNotFullAsync(CancellationToken stopping)
    {
        ConnectionSlots slots = connections.Slots;
        if (slots.Exhausted is { } exhausted)
        {
            if (!Interlocked.Exchange(ref _isAtLimit, true))
                Log.ConnectionLimitReached(logger, exhausted.Limit);
            await slots.WhenNotFullAsync(stopping);
        }
        else if (_isAtLimit && slots.HasFree(share: 0.1) && Interlocked.Exchange(ref _isAtLimit, false))
        {
            Log.ConnectionLimitLeft(logger);
        }
    }

    // accept(2) also returns errors that are pending on the new connection's network, and EPERM for one that a firewall forbids; they
    // concern that client only. SocketError.SocketError stands for the ones that .NET has no name for: EPROTO, ENONET, and ENOMEM.
    private static bool IsNetworkError(SocketError error) => error is
        SocketError.NetworkDown or SocketError.NetworkUnreachable or SocketError.HostDown or SocketError.HostUnreachable or
        SocketError.ProtocolNotSupported or SocketError.ProtocolOption or SocketError.OperationNotSupported or SocketError.TimedOut or
        SocketError.AccessDenied or SocketError.SocketError;

    private static partial class Log
    {
        [LoggerMessage(EventIds.AcceptOutOfDescriptors, LogLevel.Warning,
            "accept failed, retrying error={Error} connections={Connections}")]
        public static partial void AcceptOutOfDescriptors(ILogger logger, string error, int connections);

        [LoggerMessage(EventIds.ConnectionLimitReached, LogLevel.Warning, "connection limit reached, new clients wait limit={Limit}")]
        public static partial void ConnectionLimitReached(ILogger logger, int limit);

        [LoggerMessage(EventIds.ConnectionLimitLeft, LogLevel.Information, "accepting again, connections are below the limit")]
        public static partial void ConnectionLimitLeft(ILogger logger);
    }
}
