using System.Net.Sockets;
using LbTcp.Connections;
using LbTcp.Diagnostics;
using LbTcp.Forwarding;
using Microsoft.Extensions.Logging;

namespace LbTcp.Hosting;

/// <summary>One service: accepts clients up to its limit, has each one served, and on request stops accepting, drains and ends what is left.</summary>
internal sealed partial class LoadBalancer(
    IReadOnlyList<ListenSocket> sockets,
    IReadOnlyList<IConnectionListener> listeners,
    ActiveConnections connections,
    ConnectionHandler handler,
    LoadBalancerOptions options,
    TimeProvider timeProvider,
    ILogger<LoadBalancer> logger)
{
    private static readonly TimeSpan _acceptPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _warningInterval = TimeSpan.FromSeconds(1);

    private readonly LogThrottle _resourceThrottle = new(timeProvider, _warningInterval);
    private bool _isAtLimit;

    /// <summary>Accepts and serves until <paramref name="stopping"/> fires, then drains until <paramref name="aborting"/> fires or the drain's time is up.</summary>
    /// <returns>Whether it stopped because it was asked to; false when accepting failed for good, which was logged.</returns>
    public async Task<bool> RunAsync(CancellationToken stopping, CancellationToken aborting)
    {
        using var accepting = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        using var sweeping = new CancellationTokenSource();
        bool hasFailed = false;
        Task sweep = SuperviseAsync(() => connections.RunSweepAsync(sweeping.Token));
        Task[] loops = [.. listeners.Select(listener => SuperviseAsync(() => AcceptAsync(listener, accepting.Token)))];
        await Task.WhenAll(loops);
        foreach (IConnectionListener listener in listeners)
            listener.Dispose();
        foreach (ListenSocket socket in sockets)
            socket.Dispose();
        await DrainAsync(aborting);
        await sweeping.CancelAsync();
        await sweep;
        return !hasFailed;

        // One loop that cannot go on ends all of them: half a service is worse than a restart.
        async Task SuperviseAsync(Func<Task> loop)
        {
            try
            {
                await loop();
            }
            catch (OperationCanceledException) when (accepting.IsCancellationRequested)
            {
                // Asked to stop.
            }
            catch (Exception exception)
            {
                hasFailed = true;
                Log.ServiceFailed(logger, exception.Message, exception);
                await accepting.CancelAsync();
            }
        }
    }

    private async Task AcceptAsync(IConnectionListener listener, CancellationToken accepting)
    {
        while (!accepting.IsCancellationRequested)
        {
            await WhenNotFullAsync(accepting);
            ConnectionResult accepted = await listener.AcceptAsync(accepting);
            if (accepted.Connection is { } client)
            {
                await ServeAsync(client, accepting);
                continue;
            }

            switch (accepted.Error)
            {
                case SocketError.OperationAborted:
                    accepting.ThrowIfCancellationRequested();
                    throw new InvalidOperationException("The listening socket was closed.");
                case SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Interrupted or SocketError.WouldBlock:
                    break; // that client left before it was served: next
                case SocketError error when SocketErrors.IsLocalFault(error) || IsNetworkTrouble(error):
                    if (_resourceThrottle.TryPass())
                        Log.AcceptOutOfDescriptors(logger, SocketErrors.Describe(error), connections.Count);
                    await Task.Delay(_acceptPause, timeProvider, accepting);
                    break;
                default:
                    throw new SocketException((int)accepted.Error);
            }
        }
    }

    // Waits for a place at most, when another loop's client has taken the last one. The handler never throws; its task is tracked by that place.
    private async ValueTask ServeAsync(IConnection client, CancellationToken accepting)
    {
        try
        {
            ActiveConnection connection = await connections.TrackAsync(client, accepting);
            _ = handler.HandleAsync(connection);
        }
        catch (OperationCanceledException)
        {
            client.Abort(); // nobody is served any more
            throw;
        }
    }

    // Clients that come and go at the limit are one episode: it is over when a tenth of the places is free.
    private async ValueTask WhenNotFullAsync(CancellationToken accepting)
    {
        if (connections.IsFull)
        {
            if (!Interlocked.Exchange(ref _isAtLimit, true))
                Log.ConnectionLimitReached(logger, connections.Limit);
            await connections.WhenNotFullAsync(accepting);
        }
        else if (_isAtLimit && connections.Count < connections.Limit * 0.9 && Interlocked.Exchange(ref _isAtLimit, false))
        {
            Log.ConnectionLimitLeft(logger);
        }
    }

    // accept(2) passes on errors that are already pending on the new connection's network, and what a firewall says to it (EPERM); they
    // concern that client alone. SocketError.SocketError stands for those without a name of their own: EPROTO, ENONET, and ENOMEM.
    private static bool IsNetworkTrouble(SocketError error) => error is
        SocketError.NetworkDown or SocketError.NetworkUnreachable or SocketError.HostDown or SocketError.HostUnreachable or
        SocketError.ProtocolNotSupported or SocketError.ProtocolOption or SocketError.OperationNotSupported or SocketError.TimedOut or
        SocketError.AccessDenied or SocketError.SocketError;

    private async Task DrainAsync(CancellationToken aborting)
    {
        int open = connections.Count;
        if (open == 0)
            return;
        Log.Draining(logger, open, options.DrainTimeout);
        Task empty = connections.WhenEmptyAsync();
        long startedAt = timeProvider.GetTimestamp();
        try
        {
            using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), timeProvider);
            using var deadline = new CancellationTokenSource(options.DrainTimeout, timeProvider);
            using var cut = CancellationTokenSource.CreateLinkedTokenSource(aborting, deadline.Token);
            while (!empty.IsCompleted)
            {
                _ = await Task.WhenAny(empty, timer.WaitForNextTickAsync(cut.Token).AsTask());
                cut.Token.ThrowIfCancellationRequested();
                if (!empty.IsCompleted)
                    Log.DrainProgress(logger, connections.Count, options.DrainTimeout - timeProvider.GetElapsedTime(startedAt));
            }
        }
        catch (OperationCanceledException)
        {
            // Time is up, or the operator will not wait.
        }

        int ended = connections.EndAll(ConnectionEndReason.DrainTimeout);
        await empty;
        Log.Drained(logger, open - ended, ended, timeProvider.GetElapsedTime(startedAt));
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.ServiceFailed, LogLevel.Critical, "the service failed, stopping error={Error}")]
        public static partial void ServiceFailed(ILogger logger, string error, Exception exception);

        [LoggerMessage(EventIds.AcceptOutOfDescriptors, LogLevel.Warning, "cannot accept for now, new clients wait error={Error} connections={Connections}")]
        public static partial void AcceptOutOfDescriptors(ILogger logger, string error, int connections);

        [LoggerMessage(EventIds.ConnectionLimitReached, LogLevel.Warning, "connection limit reached, new clients wait limit={Limit}")]
        public static partial void ConnectionLimitReached(ILogger logger, int limit);

        [LoggerMessage(EventIds.ConnectionLimitLeft, LogLevel.Information, "below the connection limit again")]
        public static partial void ConnectionLimitLeft(ILogger logger);

        [LoggerMessage(EventIds.Draining, LogLevel.Information, "draining connections={Connections} timeout={Timeout}")]
        public static partial void Draining(ILogger logger, int connections, TimeSpan timeout);

        [LoggerMessage(EventIds.DrainProgress, LogLevel.Information, "draining connections={Connections} left={Left}")]
        public static partial void DrainProgress(ILogger logger, int connections, TimeSpan left);

        [LoggerMessage(EventIds.Drained, LogLevel.Information, "drained completed={Completed} cut={Cut} duration={Duration}")]
        public static partial void Drained(ILogger logger, int completed, int cut, TimeSpan duration);
    }
}
