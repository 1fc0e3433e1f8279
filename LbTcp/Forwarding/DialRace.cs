namespace LbTcp.Forwarding;

/// <summary>
/// The attempts for one client's connection that run beside each other: the first that establishes a connection wins. Safe for use by any
/// number of threads.
/// </summary>
internal sealed class DialRace
{
    private readonly Lock _gate = new();
    private readonly List<DialAttempt> _running;
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DialAttempt? _winner;
    private Exception? _defect;

    /// <summary>Begins a race with the attempt that was made first.</summary>
    public DialRace(DialAttempt first) => _running = [first];

    private DialRace() => _running = [];

    /// <summary>Stands for an attempt that has ended alone.</summary>
    public static DialRace Closed { get; } = new();

    /// <summary>
    /// Completes when every attempt has ended, whether one has won or all have failed; fails with what a defect has thrown.
    /// </summary>
    public Task Over => _over.Task;

    /// <summary>Adds an attempt.</summary>
    /// <returns>False if there is nothing to join any more: all have ended, one has won, or the connection ends.</returns>
    public bool TryJoin(DialAttempt attempt)
    {
        lock (_gate)
        {
            if (_winner is not null || _running.Count == 0 || attempt.Connection.IsDecided)
                return false;
            attempt.Connection.Dial.AddTried(_running[0].Backend);
            attempt.Connection.Dial.AddTried(attempt.Backend);
            _running.Add(attempt);
            return true;
        }
    }

    /// <summary>Makes <paramref name="attempt"/> the winner unless there is one.</summary>
    public bool TryWin(DialAttempt attempt)
    {
        lock (_gate)
        {
            _winner ??= attempt;
            return _winner == attempt;
        }
    }

    /// <summary>
    /// Has a further backend dialled at once, unless that is to come anyway once the latest attempt was silent for its patience; to be
    /// called when an attempt has failed, before its <see cref="End"/>.
    /// </summary>
    /// <returns>Whether it is to be dialled.</returns>
    public bool TryHasten(DialAttempt failed)
    {
        lock (_gate)
        {
            if (_winner is not null || _running.LastOrDefault(attempt => attempt != failed) is not { Hedge.IsOver: true } latest)
                return false;
            latest.Hedge.Hasten();
            return true;
        }
    }

    /// <summary>The attempts that run beside <paramref name="attempt"/> at this moment.</summary>
    public DialAttempt[] Beside(DialAttempt attempt)
    {
        lock (_gate)
            return [.. _running.Where(other => other != attempt)];
    }

    /// <summary>Cancels all attempts.</summary>
    public void CancelAll()
    {
        DialAttempt[] running;
        lock (_gate)
            running = [.. _running];
        foreach (DialAttempt attempt in running)
            attempt.Cancel();
    }

    /// <summary>Records what a defect has thrown.</summary>
    public void Fail(Exception exception)
    {
        lock (_gate)
            _defect ??= exception;
    }

    /// <summary>Removes an attempt that has ended.</summary>
    public void End(DialAttempt attempt)
    {
        lock (_gate)
        {
            if (!_running.Remove(attempt) || _running.Count > 0)
                return;
        }

        if (_defect is { } defect)
            _over.SetException(defect);
        else
            _over.SetResult();
    }
}
