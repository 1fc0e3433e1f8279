using LbTcp.Diagnostics;
using LbTcp.Forwarding;
using Microsoft.Extensions.Logging;

namespace LbTcp.Hosting;

/// <summary>Waits for the open connections of a service to end, within a time limit, and ends those that are left.</summary>
/// <param name="connections">The connections; no more may be added.</param>
/// <param name="timeLimit">Returns the time limit, when the drain begins; zero ends them at once.</param>
/// <param name="timeProvider">The clock.</param>
/// <param name="logger">Receives the progress.</param>
internal sealed partial class ConnectionDrain(
    ActiveConnections connections, Func<TimeSpan> timeLimit, TimeProvider timeProvider, ILogger<ConnectionDrain> logger)
{
    private static readonly TimeSpan _progressInterval = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Completes when no connection is left, at the latest when the time limit has passed or <paramref name="aborting"/> has fired.
    /// </summary>
    public async Task RunAsync(CancellationToken aborting)
    {
        int open = connections.Count;
        if (open == 0)
            return;
        TimeSpan timeout = timeLimit();
        Log.Draining(logger, open, timeout);
        long startedAt = timeProvider.GetTimestamp();
        Task empty = connections.WhenEmptyAsync();
        await WhenEmptyOrOverAsync(empty, startedAt, timeout, aborting);
        int ended = connections.EndAll(ConnectionEndReason.DrainTimeout);
        await empty;
        Log.Drained(logger, open - ended, ended, timeProvider.GetElapsedTime(startedAt));
    }

    private async Task WhenEmptyOrOverAsync(Task empty, long startedAt, TimeSpan timeout, CancellationToken aborting)
    {
        using var deadline = new CancellationTokenSource(timeout, timeProvider);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(aborting, deadline.Token);
        bool isFirstTick = true;
        Task progress = new Ticker("drain progress", () => _progressInterval, WriteProgress).RunAsync(timeProvider, over.Token);
        _ = await Task.WhenAny(empty, progress);
        await over.CancelAsync();
        await progress.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        void WriteProgress(CancellationToken ignored)
        {
            TimeSpan left = timeout - timeProvider.GetElapsedTime(startedAt); // of a tick that comes late, less than none
            if (!isFirstTick && !empty.IsCompleted && left > TimeSpan.Zero)
                Log.DrainProgress(logger, connections.Count, left);
            isFirstTick = false; // it comes at once, when the start of the drain was just logged
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.Draining, LogLevel.Information, "draining connections={Connections} timeout={Timeout}")]
        public static partial void Draining(ILogger logger, int connections, TimeSpan timeout);

        [LoggerMessage(EventIds.DrainProgress, LogLevel.Information, "draining connections={Connections} left={Left}")]
        public static partial void DrainProgress(ILogger logger, int connections, TimeSpan left);

        [LoggerMessage(EventIds.Drained, LogLevel.Information, "drained completed={Completed} cut={Cut} duration={Duration}")]
        public static partial void Drained(ILogger logger, int completed, int cut, TimeSpan duration);
    }
}
