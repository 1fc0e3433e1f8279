using LbTcp.Backends;
using LbTcp.Diagnostics;

namespace LbTcp.Forwarding;

/// <summary>
/// What happened to a connection before a backend served it, if it had to wait for a slot or a dial failed; most connections have none.
/// </summary>
internal sealed class DialHistory
{
    private readonly Lock _gate = new();
    private volatile FailedAttempt[] _failedAttempts = []; // these are replaced, as other threads may be reading them
    private volatile Backend[] _tried = [];
    private volatile QueuedConnection? _wait;

    /// <summary>How long it waited for slots, in all; null when it never had to.</summary>
    public TimeSpan? Queued { get; private set; }

    /// <summary>The length of the queue when it first joined it, itself included.</summary>
    public int QueueLength { get; private set; }

    /// <summary>The attempts that failed, in order. May be read from any thread.</summary>
    public IReadOnlyList<FailedAttempt> FailedAttempts => _failedAttempts;

    /// <summary>
    /// The backends of those attempts, and of attempts that run beside each other. May be read from any thread.
    /// </summary>
    public IReadOnlyList<Backend> Tried => _tried;

    /// <summary>The reason for the end of the connection if no further attempt succeeds.</summary>
    public ConnectionEndReason Failure { get; private set; } = ConnectionEndReason.NoBackendAvailable;

    /// <summary>The wait for a slot that is under way, or null. May be read from any thread.</summary>
    public QueuedConnection? Wait => _wait;

    /// <summary>Records that it joined the queue.</summary>
    public void Join(QueuedConnection wait)
    {
        if (Queued is null)
            QueueLength = wait.Position;
        _ = Interlocked.Exchange(ref _wait, wait); // a full fence
    }

    /// <summary>Records how long it waited.</summary>
    public void Leave(TimeSpan duration)
    {
        _wait = null;
        Queued = (Queued ?? TimeSpan.Zero) + duration;
    }

    /// <summary>Records an attempt that failed. May be called from any thread.</summary>
    /// <param name="backend">The backend.</param>
    /// <param name="error">The error, in the operator's terms.</param>
    /// <param name="reason">The reason for the end of the connection if no further attempt succeeds.</param>
    public void Add(Backend backend, string error, ConnectionEndReason reason)
    {
        lock (_gate)
        {
            _failedAttempts = [.. _failedAttempts, new FailedAttempt(backend.Name, error)];
            Failure = reason;
        }

        AddTried(backend);
    }

    /// <summary>Records that a backend is not to be picked again. May be called from any thread.</summary>
    public void AddTried(Backend backend)
    {
        lock (_gate)
        {
            if (!_tried.Contains(backend))
                _tried = [.. _tried, backend];
        }
    }
}
