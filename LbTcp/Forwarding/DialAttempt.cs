using LbTcp.Backends;
using LbTcp.Discovery;

namespace LbTcp.Forwarding;

/// <summary>
/// One attempt to connect one client's connection to one backend, the TLS handshake included; it may be one of several that run beside each
/// other. Its time limits are checked by <see cref="HedgeConnector"/>. May be cancelled from any thread.
/// </summary>
/// <param name="connection">The client's connection.</param>
/// <param name="lease">The slot at the backend.</param>
/// <param name="patience">
/// The time without an answer after which a further backend is dialled beside it; infinite if that is disabled.
/// </param>
/// <param name="timeProvider">The clock.</param>
internal sealed class DialAttempt(ActiveConnection connection, BackendLease lease, TimeSpan patience, TimeProvider timeProvider)
    : IDialLimit
{
    private volatile StageDeadline? _step; // the time limit of what is under way: the dial of an address, or the handshake
    private volatile bool _isCancelled;
    private volatile bool _isPending;
    private DialRace? _race;

    /// <summary>The client's connection.</summary>
    public ActiveConnection Connection { get; } = connection;

    /// <summary>The slot at the backend.</summary>
    public BackendLease Lease { get; } = lease;

    /// <summary>The backend.</summary>
    public Backend Backend => Lease.Backend;

    /// <summary>The time without an answer after which a further backend is dialled beside it.</summary>
    public TimeSpan Patience { get; } = patience;

    /// <summary>When it began, in the clock's timestamps.</summary>
    public long BegunAt { get; } = timeProvider.GetTimestamp();

    /// <summary>For how long it has been running.</summary>
    public TimeSpan Elapsed => timeProvider.GetElapsedTime(BegunAt);

    /// <summary>How long ago its latest step began: the dial of an address, or the handshake.</summary>
    public TimeSpan StepElapsed => _step?.Elapsed(timeProvider) ?? TimeSpan.Zero;

    /// <summary>Whether the backend was dialled and its TLS handshake has begun.</summary>
    public bool IsInHandshake { get; private set; }

    /// <summary>Whether there was no answer for longer than <see cref="Patience"/>.</summary>
    public bool IsSilent => Patience != Timeout.InfiniteTimeSpan && Elapsed >= Patience;

    /// <summary>Whether the backend was healthy when it was picked, and is no longer, or was removed.</summary>
    public bool IsBackendGone => Lease.WasHealthy && !(Backend.IsHealthy && Backend.IsInPool);

    /// <summary>Whether it has no answer yet; set where it joins and leaves the pending dials.</summary>
    public bool IsPending
    {
        get => _isPending;
        set => _isPending = value;
    }

    /// <summary>Whether it was dialled beside another one.</summary>
    public bool IsHedge { get; private set; }

    /// <summary>Whether it was cancelled: another one has won, or the connection ends.</summary>
    public bool IsCancelled => _isCancelled;

    /// <summary>The attempts that it runs beside; null if there are none. Final once the attempt has ended.</summary>
    public DialRace? Race => Volatile.Read(ref _race) is { } race && race != DialRace.Closed ? race : null;

    /// <summary>When to dial a further backend beside it; used by <see cref="HedgeConnector"/>.</summary>
    public HedgeTimer Hedge { get; } = new();

    /// <summary>Its neighbours among the pending dials, which alone use them.</summary>
    public DialAttempt? Previous { get; set; }

    /// <inheritdoc cref="Previous"/>
    public DialAttempt? Next { get; set; }

    /// <summary>The time to the limit of the current step; null if none has begun.</summary>
    public TimeSpan? TimeLeft => _step?.TimeLeft(timeProvider);

    bool IDialLimit.HasTimedOut => _step is { TimedOut: true } || (_isCancelled && IsSilent && !Connection.IsDecided);

    bool IDialLimit.IsAbandoned => _isCancelled;

    CancellationToken IDialLimit.BeginAttempt(TimeSpan timeout) => BeginStep(timeout).Token;

    /// <summary>Starts the time limit of the TLS handshake, and ends that of the dial.</summary>
    /// <returns>A deadline whose token fires when the time limit has passed, and when the attempt is cancelled.</returns>
    public StageDeadline BeginHandshake(TimeSpan timeout)
    {
        IsInHandshake = true;
        return BeginStep(timeout);
    }

    /// <summary>Cancels a step whose time is up.</summary>
    public void CheckTimeout() => _step?.Check(timeProvider);

    /// <summary>Cancels this attempt. No effect once it has ended.</summary>
    public void Cancel()
    {
        _isCancelled = true;
        Interlocked.MemoryBarrier();
        _step?.Cancel();
    }

    /// <summary>Cancels this attempt and those that run beside it, now that the end of the connection was decided.</summary>
    public void CancelAll()
    {
        Cancel();
        Race?.CancelAll();
    }

    /// <summary>Has <paramref name="other"/> run beside this attempt.</summary>
    /// <returns>False if this one has ended, another one has won, or the connection ends.</returns>
    public bool TryAccompany(DialAttempt other)
    {
        DialRace race = Volatile.Read(ref _race) ?? Open(new DialRace(this));
        if (race == DialRace.Closed)
            return false;
        other.IsHedge = true;
        other._race = race;
        return race.TryJoin(other);
    }

    /// <summary>Decides, once it has established a connection, whether that is the one to use.</summary>
    /// <returns>Whether it is; false if another backend was faster.</returns>
    public bool TryWin()
    {
        DialRace race = Volatile.Read(ref _race) ?? Open(DialRace.Closed);
        return race == DialRace.Closed || race.TryWin(this);
    }

    /// <summary>Reports that this attempt has ended, and that everything about it is recorded.</summary>
    public void End()
    {
        DialRace race = Volatile.Read(ref _race) ?? Open(DialRace.Closed);
        if (race != DialRace.Closed)
            race.End(this);
    }

    private StageDeadline BeginStep(TimeSpan timeout)
    {
        var step = new StageDeadline(_step is null ? BegunAt : timeProvider.GetTimestamp(), timeout);
        _ = Interlocked.Exchange(ref _step, step); // a full fence: either this sees the cancellation, or Cancel sees the step
        if (_isCancelled)
            step.Cancel();
        return step;
    }

    private DialRace Open(DialRace race) => Interlocked.CompareExchange(ref _race, race, null) ?? race;
}
