using LbTcp.Backends;

namespace LbTcp.Forwarding;

/// <summary>One client's wait for a slot at a backend.</summary>
/// <param name="connection">The client's connection.</param>
/// <param name="queue">The queue.</param>
/// <param name="position">The length of the queue, this wait included.</param>
/// <param name="startedAt">When it began, in the clock's timestamps.</param>
/// <param name="timeout">The maximum duration.</param>
internal sealed class QueuedConnection(ActiveConnection connection, ConnectionQueue queue, int position, long startedAt, TimeSpan timeout)
{
    // Not inline: the thread that releases a slot must not dial for the next client.
    private readonly TaskCompletionSource<BackendLease?> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The client's connection.</summary>
    public ActiveConnection Connection { get; } = connection;

    /// <summary>The length of the queue when this wait joined it, itself included.</summary>
    public int Position { get; } = position;

    /// <summary>When it began, in the clock's timestamps.</summary>
    public long StartedAt { get; } = startedAt;

    /// <summary>Completes with the slot that was acquired, or with null when the wait was given up.</summary>
    public Task<BackendLease?> Result => _result.Task;

    /// <summary>Whether the wait was given up because its time was up.</summary>
    public bool TimedOut { get; private set; }

    /// <summary>Gives the wait up when its time is up.</summary>
    public void Check(TimeProvider timeProvider)
    {
        if (timeProvider.GetElapsedTime(StartedAt) >= timeout)
            GiveUp(isTimeout: true);
    }

    /// <summary>Gives the wait up, unless a slot came first. May be called from any thread, repeatedly.</summary>
    public void Leave() => GiveUp(isTimeout: false);

    /// <summary>Ends the wait with a slot that was acquired for it. Called by the queue, which no longer holds it.</summary>
    public void Complete(BackendLease lease) => _result.SetResult(lease);

    private void GiveUp(bool isTimeout)
    {
        if (!queue.Remove(this))
            return;
        TimedOut = isTimeout;
        _result.SetResult(null);
    }
}
