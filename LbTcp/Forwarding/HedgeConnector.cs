using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Connections;

namespace LbTcp.Forwarding;

/// <summary>
/// Watches the attempts that have no result yet: applies their time limits, and dials a further backend beside one that is silent for
/// longer than is usual for its backend, or whose backend has gone down in the meantime ("hedging", after Dean and Barroso, The Tail at
/// Scale, 2013). <see cref="Check"/> runs on one thread at a time; everything else may be called from any thread.
/// </summary>
internal sealed class HedgeConnector
{
    // So many of its usual times a backend may be silent: a far one is not dialled twice for being far.
    private const int UsualTimes = 3;

    private static readonly TimeSpan _shortestTick = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan _longestTick = TimeSpan.FromMilliseconds(250);

    // Between two tries to find a backend with a free slot, or a hedge in the budget.
    private static readonly TimeSpan _retryInterval = TimeSpan.FromMilliseconds(50);

    private readonly PendingDials _pending;
    private readonly AttemptConnector _attempts;
    private readonly ConnectionQueue _queue;
    private readonly CurrentOptions<ForwardingOptions> _options;
    private readonly TimeProvider _timeProvider;
    private readonly HedgeBudget _budget;
    private readonly List<DialAttempt> _checked = [];
    private TimeSpan _tick = _longestTick;
    private volatile bool _isHastened;
    private long _begun;

    /// <summary>Watches <paramref name="pending"/>.</summary>
    /// <param name="pending">The dials.</param>
    /// <param name="attempts">Carries out those that are begun here.</param>
    /// <param name="queue">Acquires slots for them.</param>
    /// <param name="options">The time limits.</param>
    /// <param name="timeProvider">The clock.</param>
    public HedgeConnector(
        PendingDials pending,
        AttemptConnector attempts,
        ConnectionQueue queue,
        CurrentOptions<ForwardingOptions> options,
        TimeProvider timeProvider)
    {
        _pending = pending;
        _attempts = attempts;
        _queue = queue;
        _options = options;
        _timeProvider = timeProvider;
        _budget = new HedgeBudget(timeProvider);
        attempts.FailedBesideOthers += Hasten;
    }

    /// <summary>Raised when <see cref="Tick"/> has become shorter, on any thread. Handlers must not block.</summary>
    public event Action? TickShortened
    {
        add
        {
            _pending.Woken += value;
            Hastened += value;
        }
        remove
        {
            _pending.Woken -= value;
            Hastened -= value;
        }
    }

    private event Action? Hastened;

    /// <summary>The time until <see cref="Check"/> should be called; infinite while nothing is dialled.</summary>
    public TimeSpan Tick => _pending.IsIdle ? Timeout.InfiniteTimeSpan : _isHastened ? _shortestTick : _tick;

    /// <summary>Makes an attempt of the slot that <paramref name="connection"/> holds.</summary>
    public DialAttempt NewAttempt(ActiveConnection connection, BackendLease lease) =>
        new(connection, lease, PatienceWith(lease.Backend), _timeProvider);

    /// <summary>Has the dials checked at once; to be called when backends may have gone down.</summary>
    public void Hasten()
    {
        if (_pending.IsIdle)
            return;
        _isHastened = true;
        Hastened?.Invoke();
    }

    /// <summary>Ends dials whose time is up, and dials further backends beside those that are due. Must be called on every tick.</summary>
    public void Check()
    {
        _isHastened = false;
        long begun = _pending.Begun;
        _budget.Refill(begun);
        _pending.CopyTo(_checked);
        TimeSpan next = LongestTick(_options.Value);
        foreach (DialAttempt attempt in _checked)
        {
            if (TimeToNext(attempt) is { } left && left < next)
                next = left;
        }

        _tick = next > _shortestTick ? next : _shortestTick;
        if (_checked.Count == 0 && begun == _begun)
            _pending.TryRest(begun);
        _begun = begun;
        _checked.Clear();
    }

    // Does what is due for an attempt, and returns the time until something is due again.
    private TimeSpan? TimeToNext(DialAttempt attempt)
    {
        attempt.CheckTimeout();
        if (attempt.IsBackendGone && !attempt.Hedge.IsOver)
            attempt.Hedge.Hasten();
        TimeSpan? untilHedge = attempt.Hedge.TimeLeft(attempt.Elapsed, attempt.Patience);
        if (untilHedge == TimeSpan.Zero)
        {
            DialBeside(attempt);
            untilHedge = attempt.Hedge.TimeLeft(attempt.Elapsed, attempt.Patience);
        }

        TimeSpan? untilTimeout = attempt.TimeLeft;
        return untilTimeout is null || untilHedge < untilTimeout ? untilHedge : untilTimeout;
    }

    private void DialBeside(DialAttempt silent)
    {
        bool isUrgent = silent.Hedge.IsUrgent;
        if (silent.Connection.IsDecided || silent.Connection.Dial.CountTried(silent.Backend) > _options.Value.Retries)
        {
            silent.Hedge.Stop();
        }
        else if (!isUrgent && !_budget.TryTake())
        {
            silent.Hedge.Postpone(silent.Elapsed + _retryInterval, isUrgent);
        }
        else
        {
            silent.Hedge.Stop();
            _ = DialBesideAsync(silent, isUrgent);
        }
    }

    // Never throws. The race waits for its end from the moment in which there is a further attempt.
    private async Task DialBesideAsync(DialAttempt silent, bool isUrgent)
    {
        try
        {
            // To the connection's thread, which sees an answer first that has come while it was not running.
            await silent.Connection.Client.StartAsync();
        }
        catch (ConnectionException)
        {
            GiveBack(lease: null, isUrgent); // the client has left
            return;
        }

        ConnectionQueue queue = silent.Connection.Preface?.Queue ?? _queue;
        BackendLease? lease = silent.IsPending ? queue.TryAcquireBeside(silent.Connection, silent.Backend) : null;
        if (lease is null)
        {
            GiveBack(lease, isUrgent);
            silent.Hedge.Postpone(silent.Elapsed + _retryInterval, isUrgent);
            return;
        }

        DialAttempt hedge = NewAttempt(silent.Connection, lease);
        if (silent.TryAccompany(hedge))
            await _attempts.DialBesideAsync(hedge);
        else
            GiveBack(lease, isUrgent);
    }

    private void GiveBack(BackendLease? lease, bool isUrgent)
    {
        _queue.Release(lease);
        if (!isUrgent)
            _budget.Return();
    }

    private TimeSpan PatienceWith(Backend backend)
    {
        TimeSpan patience = _options.Value.HedgeAfter;
        if (patience == TimeSpan.Zero)
            return Timeout.InfiniteTimeSpan;
        return UsualTimeOf(backend) is { } usual && UsualTimes * usual > patience ? UsualTimes * usual : patience;
    }

    // A handshake that was not measured yet may take two round trips (TLS 1.2: RFC 5246, section 7.3).
    private static TimeSpan? UsualTimeOf(Backend backend)
    {
        TimeSpan? dial = backend.ConnectTime.Value;
        return backend.Options.IsEncrypted ? dial + (backend.HandshakeTime.Value ?? 2 * dial) : dial;
    }

    // What begins after a check is due no sooner than the next one.
    private static TimeSpan LongestTick(ForwardingOptions options)
    {
        TimeSpan longest = options.ConnectTimeout / 4 < _longestTick ? options.ConnectTimeout / 4 : _longestTick;
        return options.HedgeAfter > TimeSpan.Zero && options.HedgeAfter < longest ? options.HedgeAfter : longest;
    }
}
