using LbTcp.Backends;
using LbTcp.Connections;
using LbTcp.Diagnostics;

namespace LbTcp.Forwarding;

/// <summary>
/// How a connection gets its backend: the slot that it holds, the wait for one, the attempts that failed, and the connection that was
/// established. Written by the handler, by attempts that run beside each other, and by the queue while the connection waits there; may be
/// read, and ended, from any thread.
/// </summary>
internal sealed class BackendDial(ActiveConnection connection)
{
    private const long NotEstablished = -1;

    private volatile DialHistory? _history;
    private volatile BackendLease? _lease;
    private volatile IConnection? _established;
    private volatile DialAttempt? _attempt;
    private long _ticks = NotEstablished; // not a TimeSpan?, which takes twice the memory

    /// <summary>
    /// The slot at the backend that is dialled or serves the client; null before the first one. It may have been released.
    /// </summary>
    public BackendLease? Lease => _lease;

    /// <summary>The wait for a slot that is under way, or null.</summary>
    public QueuedConnection? Wait => _history?.Wait;

    /// <summary>The connection to the backend, or null while there is none.</summary>
    public IConnection? Connection => _established;

    /// <summary>The backend that serves the client, or null while there is none.</summary>
    public Backend? Backend => _established is null ? null : _lease?.Backend;

    /// <summary>From the accept to the established connection; null before.</summary>
    public TimeSpan? Duration => _ticks == NotEstablished ? null : TimeSpan.FromTicks(_ticks);

    /// <summary>How long it waited for slots so far, the wait under way not included; null when it never had to.</summary>
    public TimeSpan? Queued => _history?.Queued;

    /// <inheritdoc cref="DialHistory.QueueLength"/>
    public int QueueLength => _history?.QueueLength ?? 0;

    /// <inheritdoc cref="DialHistory.FailedAttempts"/>
    public IReadOnlyList<FailedAttempt> FailedAttempts => _history?.FailedAttempts ?? [];

    /// <inheritdoc cref="DialHistory.Tried"/>
    public IReadOnlyList<Backend> Tried => _history?.Tried ?? [];

    /// <inheritdoc cref="DialHistory.Failure"/>
    public ConnectionEndReason Failure => _history?.Failure ?? ConnectionEndReason.NoBackendAvailable;

    /// <summary>Whether a backend is being dialled.</summary>
    public bool IsDialling => _attempt is not null;

    /// <summary>Holds a slot that was acquired for the connection, instead of one that was released before.</summary>
    public void Hold(BackendLease lease) => _lease = lease;

    /// <summary>Records that the connection waits for a slot; the sweep ends the wait when it takes too long.</summary>
    public void BeginWait(QueuedConnection wait)
    {
        // With a full fence: either this sees that the end was decided, or the end sees the wait.
        History().Join(wait);
        if (connection.IsDecided)
            wait.Leave();
    }

    /// <summary>Records how long it waited.</summary>
    public void EndWait(TimeSpan duration) => _history?.Leave(duration);

    /// <summary>Records the attempt that is made; others may run beside it.</summary>
    public void Begin(DialAttempt attempt)
    {
        _ = Interlocked.Exchange(ref _attempt, attempt); // a full fence, as in BeginWait
        if (connection.IsDecided)
            attempt.CancelAll();
    }

    /// <summary>Records that the attempt, and those beside it, have ended.</summary>
    public void EndAttempts() => _attempt = null;

    /// <summary>Returns how many backends were tried, with <paramref name="backend"/>.</summary>
    public int CountTried(Backend backend) => Tried.Contains(backend) ? Tried.Count : Tried.Count + 1;

    /// <summary>Records that a backend is not to be picked again.</summary>
    public void AddTried(Backend backend) => History().AddTried(backend);

    /// <summary>Records a backend that could not be reached.</summary>
    /// <param name="backend">The backend.</param>
    /// <param name="error">The error, in the operator's terms.</param>
    /// <param name="reason">The reason for the end of the connection if no further attempt succeeds.</param>
    public void Failed(Backend backend, string error, ConnectionEndReason reason = ConnectionEndReason.ConnectFailed) =>
        History().Add(backend, error, reason);

    /// <summary>Records the connection to the backend whose slot is held.</summary>
    public void Established(IConnection backendConnection)
    {
        _ticks = connection.Age.Ticks;
        _ = Interlocked.Exchange(ref _established, backendConnection); // a full fence, as in BeginWait
        if (connection.IsDecided)
            backendConnection.Abort();
    }

    /// <summary>Ends the wait and the dials, and resets the connection to the backend, now that the end was decided.</summary>
    public void End()
    {
        Wait?.Leave();
        _attempt?.CancelAll();
        _established?.Abort();
    }

    private DialHistory History() => _history ?? Interlocked.CompareExchange(ref _history, new DialHistory(), null) ?? _history;
}
