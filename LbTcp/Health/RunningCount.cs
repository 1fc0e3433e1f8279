namespace LbTcp.Health;

/// <summary>Counts operations that are running, and tells when none is. Safe for use by any number of threads.</summary>
internal sealed class RunningCount
{
    private readonly Lock _gate = new();
    private int _running;
    private TaskCompletionSource? _idle;

    /// <summary>Counts an operation that begins.</summary>
    public void Begin()
    {
        lock (_gate)
            _running++;
    }

    /// <summary>Counts an operation that has ended.</summary>
    public void End()
    {
        TaskCompletionSource? idle;
        lock (_gate)
        {
            if (--_running > 0)
                return;
            idle = _idle;
            _idle = null;
        }

        idle?.SetResult();
    }

    /// <summary>Completes when no operation is running.</summary>
    public Task WhenIdleAsync()
    {
        lock (_gate)
        {
            if (_running == 0)
                return Task.CompletedTask;
            _idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _idle.Task;
        }
    }
}
