using LbTcp.Backends;
using LbTcp.Diagnostics;

namespace LbTcp.Forwarding;

/// <summary>
/// What happened to a connection before a backend served it, if it had to wait for a slot or a dial failed; most connections have none.
/// </summary>
internal sealed class DialHistory
{
    private volatile FailedAttempt[] _failedAttempts = []; // replaced, as an operator may be reading it
    private readonly List<Backend> _tried = [];
    private volatile QueuedConnection? _wait;

    /// <summary>How long it waited for slots, in all; null when it never had to.</summary>
    public TimeSpan? Queued { get; private set; }

    /// <summary>The length of the queue when it first joined it, itself included.</summary>
    public int QueueLength { get; private set; }

    /// <summary>The attempts that failed, in order. May be read from any thread.</summary>
    public IReadOnlyList<FailedAttempt> FailedAttempts => _failedAttempts;

    /// <summary>The backends of those attempts.</summary>
    public IReadOnlyList<Backend> Tried => _tried;

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

    /// <summary>Records an attempt that failed.</summary>
    public void Add(Backend backend, string error)
    {
        _failedAttempts = [.. _failedAttempts, new FailedAttempt(backend.Name, error)];
        _tried.Add(backend);
    }
}
