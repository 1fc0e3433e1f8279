using LbTcp.Backends;

namespace LbTcp.Forwarding;

/// <summary>One client's wait for a slot at a backend.</summary>
/// <param name="connection">Who waits.</param>
/// <param name="queue">Where.</param>
/// <param name="position">How many wait, this one included.</param>
/// <param name="startedAt">Since when, in the clock's timestamps.</param>
/// <param name="timeout">How long it may take.</param>
internal sealed class QueuedConnection(ActiveConnection connection, ConnectionQueue queue, int position, long startedAt, TimeSpan timeout)
{
    // Not inline: whoever gives a slot back has other things to do than to dial for the next client.
    private readonly TaskCompletionSource<Backend?> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Who waits.</summary>
    public ActiveConnection Connection { get; } = connection;

    /// <summary>How many waited when this one joined them, itself included.</summary>
    public int Position { get; } = position;

    /// <summary>Since when, in the clock's timestamps.</summary>
    public long StartedAt { get; } = startedAt;

    /// <summary>Completes with the backend at which a slot was taken, or with null when the wait was given up.</summary>
    public Task<Backend?> Result => _result.Task;

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

    /// <summary>Ends the wait with a slot that was taken for it. Called by the queue, which no longer holds it.</summary>
    public void Complete(Backend backend) => _result.SetResult(backend);

    private void GiveUp(bool isTimeout)
    {
        if (!queue.Remove(this))
            return;
        TimedOut = isTimeout;
        _result.SetResult(null);
    }
}
