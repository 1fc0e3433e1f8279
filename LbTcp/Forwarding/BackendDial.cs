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
    private const long NotEstablished = -1;

    private volatile DialHistory? _history;
    private volatile BackendLease? _lease;
    private volatile IConnection? _established;
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

    bool IDialLimit.HasTimedOut => connection.Stage is { TimedOut: true };

    bool IDialLimit.IsAbandoned => connection.IsDecided;

    CancellationToken IDialLimit.BeginAttempt(TimeSpan timeout) => connection.BeginStage(timeout).Token;

    /// <summary>Holds a slot that was acquired for the connection, instead of one that was released before.</summary>
    public void Hold(BackendLease lease) => _lease = lease;

    /// <summary>Records that the connection waits for a slot; the sweep ends the wait when it takes too long.</summary>
    public void BeginWait(QueuedConnection wait)
    {
        // With a full fence: either this sees that the end was decided, or the end sees the wait.
        (_history ??= new DialHistory()).Join(wait);
        if (connection.IsDecided)
            wait.Leave();
    }

    /// <summary>Records how long it waited.</summary>
    public void EndWait(TimeSpan duration) => _history?.Leave(duration);

    /// <summary>Records a backend that could not be reached.</summary>
    public void Failed(Backend backend, string error)
    {
        connection.EndStage();
        (_history ??= new DialHistory()).Add(backend, error);
    }

    /// <summary>Records the connection to the backend whose slot is held.</summary>
    public void Established(IConnection backendConnection)
    {
        _ticks = connection.Age.Ticks;
        connection.EndStage();
        _ = Interlocked.Exchange(ref _established, backendConnection); // a full fence, as in BeginWait
        if (connection.IsDecided)
            backendConnection.Abort();
    }

    /// <summary>Ends the wait and resets the connection to the backend, now that the end was decided.</summary>
    public void End()
    {
        Wait?.Leave();
        _established?.Abort();
    }
}
