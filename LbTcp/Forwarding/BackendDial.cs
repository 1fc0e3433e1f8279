using LbTcp.Backends;
using LbTcp.Connections;
using LbTcp.Diagnostics;
using LbTcp.Discovery;

namespace LbTcp.Forwarding;

/// <summary>
/// How a connection gets its backend: the slot that it holds, the wait for one, the attempts that failed, and the connection that was
/// established. Written by the handler, and by the queue while the connection waits there; may be read, and ended, from any thread.
/// </summary>
internal sealed class BackendDial(ActiveConnection connection) : IDialLimit
{
    private DialHistory? _history;
    private volatile BackendLease? _lease;
    private volatile QueuedConnection? _wait;
    private volatile IConnection? _established;

    /// <summary>
    /// The slot at the backend that is dialled or serves the client; null before the first one. It may have been released.
    /// </summary>
    public BackendLease? Lease => _lease;

    /// <summary>
    /// Whether the backend was healthy when its slot was acquired: one that was tried although it was not cannot go down.
    /// </summary>
    public bool WasHealthy { get; private set; }

    /// <summary>The wait for a slot that is under way, or null.</summary>
    public QueuedConnection? Wait => _wait;

    /// <summary>The connection to the backend, or null while there is none.</summary>
    public IConnection? Connection => _established;

    /// <summary>The backend that serves the client, or null while there is none.</summary>
    public Backend? Backend => _established is null ? null : _lease?.Backend;

    /// <summary>From the accept to the established connection; null before.</summary>
    public TimeSpan? Duration { get; private set; }

    /// <summary>How long it waited for slots so far, the wait under way not included; null when it never had to.</summary>
    public TimeSpan? Queued => _history?.Queued;

    /// <inheritdoc cref="DialHistory.QueueLength"/>
    public int QueueLength => _history?.QueueLength ?? 0;

    /// <inheritdoc cref="DialHistory.FailedAttempts"/>
    public IReadOnlyList<FailedAttempt> FailedAttempts => _history?.FailedAttempts ?? [];

    /// <inheritdoc cref="DialHistory.Tried"/>
    public IReadOnlyList<Backend> Tried => _history?.Tried ?? [];

    bool IDialLimit.HasTimedOut => connection.Stage is { TimedOut: true };

    bool IDialLimit.IsAbandoned => connection.IsDecided;

    CancellationToken IDialLimit.BeginAttempt(TimeSpan timeout) => connection.BeginStage(timeout).Token;

    /// <summary>Holds a slot that was acquired for the connection, instead of one that was released before.</summary>
    public void Hold(BackendLease lease)
    {
        WasHealthy = lease.Backend.IsHealthy;
        _lease = lease;
    }

    /// <summary>Records that the connection waits for a slot; the sweep ends the wait when it takes too long.</summary>
    public void BeginWait(QueuedConnection wait)
    {
        (_history ??= new DialHistory()).Join(wait.Position);
        _ = Interlocked.Exchange(ref _wait, wait); // a full fence: either this sees that the end was decided, or the end sees the wait
        if (connection.IsDecided)
            wait.Leave();
    }

    /// <summary>Records how long it waited.</summary>
    public void EndWait(TimeSpan duration)
    {
        _wait = null;
        _history?.Leave(duration);
    }

    /// <summary>Records a backend that could not be reached.</summary>
    public void Failed(Backend backend, string error)
    {
        connection.EndStage();
        (_history ??= new DialHistory()).Add(backend, error);
    }

    /// <summary>Records the connection to the backend whose slot is held.</summary>
    public void Established(IConnection backendConnection)
    {
        Duration = connection.Age;
        connection.EndStage();
        _ = Interlocked.Exchange(ref _established, backendConnection); // a full fence, as in BeginWait
        if (connection.IsDecided)
            backendConnection.Abort();
    }

    /// <summary>Ends the wait and resets the connection to the backend, now that the end was decided.</summary>
    public void End()
    {
        _wait?.Leave();
        _established?.Abort();
    }
}
