using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Diagnostics;
using LbTcp.Discovery;

namespace LbTcp.Forwarding;

/// <summary>
/// One client's connection while it is served: what is known about it, and the way to end it from outside. Its handler writes, and the
/// queue for it while it waits there; the sweep of the timers and a stop, which run on other threads, read and call <see cref="End"/>.
/// </summary>
internal sealed partial class ActiveConnection(long id, IConnection client, TimeProvider timeProvider) : IDialLimit
{
    private ConnectionTimers _timers = new(timeProvider.GetTimestamp());
    private BackendDownTimer _downTimer;
    private List<FailedAttempt>? _failedAttempts;
    private List<Backend>? _tried;
    private volatile BackendLease? _lease;
    private volatile QueuedConnection? _wait;
    private volatile IConnection? _backendConnection;
    private volatile Transfer? _toBackend;
    private volatile Transfer? _toClient;
    private volatile ConnectAttempt? _attempt;
    private ConnectionException? _failure;
    private TimeSpan? _connectTime;
    private int _queueLength;
    private int _decidedReason = -1;
    private int _firstToEnd = -1;
    private volatile int _sidesEnded;

    /// <summary>The connection's number, unique while the process lives.</summary>
    public long Id { get; } = id;

    /// <summary>Its neighbour among the active connections.</summary>
    public ActiveConnection? Previous { get; set; }

    /// <inheritdoc cref="Previous"/>
    public ActiveConnection? Next { get; set; }

    /// <summary>The client's side.</summary>
    public IConnection Client { get; } = client;

    /// <summary>When it was accepted, in the clock's timestamps.</summary>
    public long StartedAt { get; } = timeProvider.GetTimestamp();

    /// <summary>The backend that serves it, or null while there is none.</summary>
    public Backend? Backend => _backendConnection is null ? null : _lease?.Backend;

    /// <summary>
    /// The slot at the backend that is dialled or serves the client; null before the first one. It may have been released.
    /// </summary>
    public BackendLease? Lease => _lease;

    /// <summary>The backend's side, or null while there is none.</summary>
    public IConnection? BackendConnection => _backendConnection;

    /// <summary>What takes the client's bytes, or null while nothing does.</summary>
    public Transfer? ToBackend => _toBackend;

    /// <summary>What takes the backend's bytes, or null while nothing does.</summary>
    public Transfer? ToClient => _toClient;

    /// <summary>The attempt under way to reach a backend, or null.</summary>
    public ConnectAttempt? Attempt => _attempt;

    /// <summary>The wait for a slot at a backend that is under way, or null.</summary>
    public QueuedConnection? Wait => _wait;

    /// <summary>How long it has waited for a slot so far, the wait under way not included; null when it never had to.</summary>
    public TimeSpan? Queued { get; private set; }

    /// <summary>The backends that could not be reached.</summary>
    public IReadOnlyList<Backend> Tried => _tried ?? (IReadOnlyList<Backend>)[];

    /// <summary>How many of the two sides have finished or failed.</summary>
    public int SidesEnded => _sidesEnded;

    /// <summary>The first failure of a side, or null.</summary>
    public ConnectionException? Failure => Volatile.Read(ref _failure);

    /// <summary>Whether it was decided how this connection ends.</summary>
    public bool IsDecided => Volatile.Read(ref _decidedReason) >= 0;

    /// <summary>Holds a slot that was acquired for this connection, instead of one that was released before.</summary>
    public void Hold(BackendLease lease)
    {
        _downTimer.WasHealthy = lease.Backend.IsHealthy;
        _lease = lease;
    }

    /// <summary>Remembers that it has to wait for a slot; the sweep ends the wait when it takes too long.</summary>
    public void BeginWait(QueuedConnection wait)
    {
        if (Queued is null)
            _queueLength = wait.Position;
        _ = Interlocked.Exchange(ref _wait, wait); // a full fence, as in End: one of the two sees the other
        if (IsDecided)
            wait.Leave();
    }

    /// <summary>Remembers how long it waited.</summary>
    public void EndWait(TimeSpan duration)
    {
        _wait = null;
        Queued = (Queued ?? TimeSpan.Zero) + duration;
    }

    bool IDialLimit.HasTimedOut => _attempt is { TimedOut: true };

    bool IDialLimit.IsAbandoned => IsDecided;

    /// <summary>Starts the time limit of an attempt to reach a backend; the sweep cancels it when it has passed.</summary>
    public ConnectAttempt BeginAttempt(TimeSpan timeout)
    {
        var attempt = new ConnectAttempt(timeProvider.GetTimestamp(), timeout);
        _ = Interlocked.Exchange(ref _attempt, attempt); // a full fence, as in End: one of the two sees the other
        if (IsDecided)
            attempt.Cancel();
        return attempt;
    }

    CancellationToken IDialLimit.BeginAttempt(TimeSpan timeout) => BeginAttempt(timeout).Token;

    /// <summary>Remembers a backend that could not be reached.</summary>
    public void AttemptFailed(Backend backend, string error)
    {
        _attempt = null;
        (_failedAttempts ??= []).Add(new FailedAttempt(backend.Name, error));
        (_tried ??= []).Add(backend);
    }

    /// <summary>Remembers the connection to the backend whose slot it holds.</summary>
    public void Established(IConnection connection)
    {
        _connectTime = timeProvider.GetElapsedTime(StartedAt);
        _attempt = null;
        _ = Interlocked.Exchange(ref _backendConnection, connection); // a full fence, as above
        if (IsDecided)
            connection.Abort();
    }

    /// <summary>Bytes begin to move; the record and the time limits go by their counts.</summary>
    public void BytesMove(Transfer toBackend, Transfer? toClient)
    {
        _toBackend = toBackend;
        _toClient = toClient;
    }

    /// <summary>One side has sent all it had to send.</summary>
    public void SideEnded(ConnectionSide side)
    {
        _ = Interlocked.CompareExchange(ref _firstToEnd, (int)side, -1);
        _ = Interlocked.Increment(ref _sidesEnded);

        // A backend that is done has room for others, however long the client keeps its side open.
        if (side is ConnectionSide.Backend)
            _lease?.EndUse();
    }

    /// <summary>One side has failed.</summary>
    public void SideFailed(ConnectionException failure)
    {
        _ = Interlocked.CompareExchange(ref _failure, failure, null);
        SideEnded(failure.Side);
    }

    /// <summary>Decides why the connection ends, unless that was decided before.</summary>
    public void Decide(ConnectionEndReason reason) => _ = Interlocked.CompareExchange(ref _decidedReason, (int)reason, -1);

    /// <summary>
    /// Ends the connection at once, with a reset on both sides. May be called from any thread, repeatedly; the first reason counts, which
    /// may be a failure of a side whose other side was still to have the rest.
    /// </summary>
    public void End(ConnectionEndReason reason)
    {
        if (Failure is null || reason is ConnectionEndReason.InternalError)
            Decide(reason);
        _wait?.Leave();
        _attempt?.Cancel();
        Client.Abort();
        _backendConnection?.Abort();
    }

    /// <summary>Ends the connection, or its attempt to reach a backend, when a time limit has passed. Called by the sweep alone.</summary>
    public void CheckTimers(ForwardingOptions options)
    {
        _timers.Check(this, options, timeProvider);
        _downTimer.Check(this, options, timeProvider);
    }
}
