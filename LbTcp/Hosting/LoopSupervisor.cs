using LbTcp.Diagnostics;
using Microsoft.Extensions.Logging;

namespace LbTcp.Hosting;

/// <summary>
/// Runs the loops of one service. A loop that ends before its token fires, with or without an exception, is a failure of the service: it is
/// logged as critical and reported by <see cref="Failed"/>, since half a service, such as one without health checks, is worse than a
/// restart.
/// </summary>
internal sealed partial class LoopSupervisor(ILogger logger)
{
    private readonly Lock _gate = new();
    private readonly List<Task> _loops = [];
    private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when a loop has ended unexpectedly; never faults.</summary>
    public Task Failed => _failed.Task;

    /// <summary>Starts a loop.</summary>
    /// <param name="name">The name of the loop in logs.</param>
    /// <param name="loop">The loop; runs until its token fires.</param>
    /// <param name="stopping">Signals the loop to end.</param>
    /// <returns>Completes when the loop has ended, for whatever reason; never faults.</returns>
    public Task Run(string name, Func<CancellationToken, Task> loop, CancellationToken stopping)
    {
        Task supervised = SuperviseAsync(name, loop, stopping);
        lock (_gate)
        {
            _ = _loops.RemoveAll(static other => other.IsCompleted);
            _loops.Add(supervised);
        }

        return supervised;
    }

    /// <summary>Completes when all loops that were started have ended.</summary>
    public Task WhenEndedAsync()
    {
        lock (_gate)
            return Task.WhenAll(_loops);
    }

    private async Task SuperviseAsync(string name, Func<CancellationToken, Task> loop, CancellationToken stopping)
    {
        try
        {
            await loop(stopping);
            if (!stopping.IsCancellationRequested)
                throw new InvalidOperationException("The loop has ended.");
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The loop ends as requested.
        }
        catch (Exception exception)
        {
            Log.ServiceFailed(logger, name, exception.Message, exception);
            _ = _failed.TrySetResult();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.ServiceFailed, LogLevel.Critical, "the service failed, stopping loop={Loop} error={Error}")]
        public static partial void ServiceFailed(ILogger logger, string loop, string error, Exception exception);
    }
}
