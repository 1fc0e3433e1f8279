using System.Runtime.CompilerServices;
using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Diagnostics;

namespace LbTcp.Forwarding;

/// <summary>
/// Watches the connections whose backends have sent nothing yet, where that has a time limit: ends those that exceed it, reports who
/// answers and who does not, and has picks avoid a backend that falls silent long before the first limit passes. A ticker looks at the
/// connections, often while they are new, so the data path knows nothing of it; connections without a limit are not watched.
/// </summary>
/// <param name="tracker">Receives answers and their absence.</param>
/// <param name="options">The time limit, which a backend may override.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class FirstByteWatch(
    IAnswerTracker tracker, CurrentOptions<ForwardingOptions> options, TimeProvider timeProvider)
{
    private static readonly TimeSpan _shortTick = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan _longTick = TimeSpan.FromMilliseconds(100);

    // A look that is later than that was held up by a pause of this process, in which answers may have come that are not read yet.
    private static readonly TimeSpan _tolerance = TimeSpan.FromMilliseconds(50);

    // A wait that goes on for longer, or a client that has said nothing for so long, is looked at on long ticks only.
    private static readonly TimeSpan _recently = TimeSpan.FromSeconds(1);

    private readonly RunningTimeProvider _clock = new(timeProvider, _tolerance);
    private readonly ThreadShards<FirstByteInbox> _inboxes = new();
    private readonly ConditionalWeakTable<Backend, BackendSilence> _silences = [];
    private readonly List<FirstByteWait> _recent = [];
    private readonly List<FirstByteWait> _lasting = [];
    private readonly List<BackendSilence> _active = [];
    private readonly HashSet<Backend> _answered = [];
    private long _tickTicks = Timeout.InfiniteTimeSpan.Ticks;
    private long _lastingAt = timeProvider.GetTimestamp();
    private bool _hasNew;

    /// <summary>Raised when <see cref="Tick"/> has become shorter, on the thread of a connection, which must not be blocked.</summary>
    public event Action? TickShortened;

    /// <summary>The time until <see cref="Look"/> should be called; infinite while nothing is watched.</summary>
    public TimeSpan Tick => Volatile.Read(ref _hasNew) ? _shortTick : TimeSpan.FromTicks(Volatile.Read(ref _tickTicks));

    /// <summary>
    /// Watches a connection that was established and is about to be relayed, if it has a time limit. May be called from any thread.
    /// </summary>
    public void Begin(ActiveConnection connection)
    {
        if (connection.Dial.Backend is not { } backend || LimitOf(backend) == TimeSpan.Zero)
            return;
        BackendSilence silence = _silences.GetValue(backend, known => new BackendSilence(known, _clock));
        bool isTrial = tracker.IsOnTrial(backend);
        if (isTrial)
            backend.IsHeld = true; // at once, so that it is one client and not those of the next milliseconds as well
        _inboxes.Current.Add(new FirstByteWait(connection, silence, _clock.GetTimestamp()) { IsTrial = isTrial });
        if (!Volatile.Read(ref _hasNew) && !Interlocked.Exchange(ref _hasNew, true))
            TickShortened?.Invoke();
    }

    /// <summary>Looks at the connections that are watched. Must be called on every tick, by one thread at a time.</summary>
    public void Look()
    {
        _ = Interlocked.Exchange(ref _hasNew, false); // a full fence before the inboxes are emptied: what comes later is announced
        _clock.Beat(_shortTick);
        long now = _clock.GetTimestamp();
        Receive(now);
        bool looksAtLasting = _clock.GetElapsedTime(_lastingAt, now) >= _longTick;
        if (looksAtLasting)
        {
            _lastingAt = now;
            Update(_lasting, now);
        }

        Update(_recent, now);
        foreach (Backend backend in _answered)
            tracker.Answered(backend);
        _answered.Clear();
        Count(now, looksAtLasting);
        _ = _active.RemoveAll(silence => !(silence.IsActive = silence.Judge(now, tracker)));
        TimeSpan next = NextTick;
        _clock.Beat(next);
        Volatile.Write(ref _tickTicks, next.Ticks);
    }

    private TimeSpan NextTick =>
        _recent.Count > 0 || _active.Exists(static silence => silence.Backend.IsHeld) ? _shortTick
        : _lasting.Count > 0 ? _longTick
        : Timeout.InfiniteTimeSpan;

    private void Receive(long now)
    {
        int known = _recent.Count;
        foreach (FirstByteInbox? inbox in _inboxes.Slots)
            inbox?.MoveTo(_recent);
        for (int i = known; i < _recent.Count; i++)
        {
            if (!_recent[i].IsTrial)
                continue;
            _recent[i].Silence.Hold(now);
            Activate(_recent[i].Silence);
        }
    }

    // Keeps those that go on.
    private void Update(List<FirstByteWait> waits, long now) => waits.RemoveAll(wait =>
    {
        FirstByteState state = wait.Look(now);
        if (state is FirstByteState.Answered)
        {
            wait.Silence.Answered(now, wait.TimeToAnswer(_clock));
            _ = _answered.Add(wait.Silence.Backend);
        }

        return state is not FirstByteState.Open || HasTimedOut(wait, now);
    });

    // The limit as it is now. Without one, the connection is no longer watched.
    private bool HasTimedOut(FirstByteWait wait, long now)
    {
        Backend backend = wait.Silence.Backend;
        TimeSpan limit = LimitOf(backend);
        if (limit == TimeSpan.Zero)
            return true;
        if (!wait.HasTimedOut(limit, now, _clock))
            return false;
        wait.Connection.End(ConnectionEndReason.FirstByteTimeout);
        if (wait.Connection is { IsDecided: true, Reason: ConnectionEndReason.FirstByteTimeout })
            tracker.SentNothing(backend, limit);
        return true;
    }

    // Counts the waits of each backend, after every one is where it belongs. Those that are not looked at keep their counts.
    private void Count(long now, bool looksAtLasting)
    {
        _active.ForEach(silence => silence.BeginCount(looksAtLasting));
        if (looksAtLasting)
            _ = _lasting.RemoveAll(wait => IsRecent(wait, now) && Move(wait, _recent));
        int lasted = looksAtLasting ? 0 : _lasting.Count;
        _ = _recent.RemoveAll(wait => !IsRecent(wait, now) && Move(wait, _lasting));
        _recent.ForEach(wait => Count(wait, isLasting: false));
        for (int i = lasted; i < _lasting.Count; i++)
            Count(_lasting[i], isLasting: true);
    }

    private void Count(FirstByteWait wait, bool isLasting)
    {
        if (wait.IsWaiting && wait.Silence.Count(wait.Since, isLasting))
            Activate(wait.Silence);
    }

    private void Activate(BackendSilence silence)
    {
        if (!silence.IsActive)
            _active.Add(silence);
        silence.IsActive = true;
    }

    private bool IsRecent(FirstByteWait wait, long now) => _clock.GetElapsedTime(wait.Since, now) < _recently;

    private static bool Move(FirstByteWait wait, List<FirstByteWait> to)
    {
        to.Add(wait);
        return true;
    }

    private TimeSpan LimitOf(Backend backend) => options.Value.FirstByteTimeoutFor(backend.Options);
}
