using System.Net;
using LbTcp.Diagnostics;

namespace LbTcp.Admission;

/// <summary>
/// Admits clients by the limits, and holds those that have to wait: in order per source, and the sources in turn. A client is admitted as
/// soon as a connection of its source ends or the rate admits it, and no later client of its source overtakes it. A client that waits for
/// a rate takes its turn at the time at which it was due, however late the tick is, so that a late tick does not lower the rate. The wait
/// is limited by the caller. For any number of threads; without a lock while nobody waits.
/// </summary>
internal sealed class AdmissionQueue
{
    private static readonly TimeSpan _shortestTick = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan _mostLateness = TimeSpan.FromMilliseconds(100); // made up for; more would be a burst

    private readonly SourceLimits _limits;
    private readonly TimeProvider _timeProvider;
    private readonly Lock _gate = new();
    private readonly WaitingSources _waiting = new();
    private readonly Action<WaitingClient> _leave;
    private readonly long _lateness;
    private long _dueAt = long.MaxValue;
    private long _sharedDueAt; // 0 unless clients wait for the rate of the service: then only the tick, which knows the turns, admits

    /// <summary>With no client.</summary>
    public AdmissionQueue(SourceLimits limits, TimeProvider timeProvider)
    {
        _limits = limits;
        _timeProvider = timeProvider;
        _leave = Leave;
        _lateness = (long)(_mostLateness.TotalSeconds * timeProvider.TimestampFrequency);
        limits.Ended += ServeSource;
        limits.Changed += HastenAll;
    }

    /// <summary>Raised when <see cref="Tick"/> has become shorter, on the thread of a connection, which must not be blocked.</summary>
    public event Action? TickShortened;

    /// <summary>The number of clients that wait.</summary>
    public int Length => _waiting.Clients;

    /// <summary>The time until <see cref="ServeDue"/> should be called; infinite while no rate is waited for.</summary>
    public TimeSpan Tick
    {
        get
        {
            long dueAt = Volatile.Read(ref _dueAt);
            if (dueAt == long.MaxValue)
                return Timeout.InfiniteTimeSpan;
            long now = _timeProvider.GetTimestamp();
            TimeSpan left = dueAt <= now ? TimeSpan.Zero : _timeProvider.GetElapsedTime(now, dueAt);
            return left < _shortestTick ? _shortestTick : TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds));
        }
    }

    /// <summary>Admits a client or refuses it.</summary>
    /// <param name="address">The client's address; null for the client of a unix socket.</param>
    /// <returns>The answer; null if the client has to wait for it.</returns>
    public AdmissionResult? TryAdmit(IPAddress? address)
    {
        bool mayWait = _limits.MaxWaiting > 0;
        if (mayWait && Length > 0)
            return null; // others come first
        AdmissionResult result = _limits.TryAdmit(_limits.SourceOf(address));
        return result.IsAdmitted || !mayWait ? result : null;
    }

    /// <summary>Waits until a client is admitted, unless too many wait.</summary>
    /// <param name="address">The client's address; null for the client of a unix socket.</param>
    /// <param name="cancellationToken">Ends the wait, which then ends as a refusal.</param>
    public async ValueTask<AdmissionResult> WaitAsync(IPAddress? address, CancellationToken cancellationToken)
    {
        WaitingClient client = Join(_limits.SourceOf(address));
        CancellationTokenRegistration registration =
            cancellationToken.UnsafeRegister(static client => ((WaitingClient)client!).Leave(), client);
        AdmissionResult result = await client.Result;
        _ = registration.Unregister(); // does not wait for the callback, which has no effect any more
        return result;
    }

    /// <summary>Admits those whose time has come. Must be called on every tick, by one thread at a time.</summary>
    public void ServeDue()
    {
        lock (_gate)
        {
            long now = _timeProvider.GetTimestamp();
            long next = long.MaxValue;
            _sharedDueAt = 0;
            for (LinkedListNode<WaitingSource>? turn = _waiting.First, following; turn is not null; turn = following)
            {
                WaitingSource source = turn.Value;
                following = turn.Next;
                if (source.DueAt <= now && TryServeFirst(source))
                    following = _waiting.EndTurn(turn, following);
                else
                    next = Math.Min(next, source.DueAt);
            }

            Volatile.Write(ref _dueAt, next);
        }
    }

    private WaitingClient Join(SourceKey source)
    {
        bool isSooner;
        var client = new WaitingClient(source, _leave);
        lock (_gate)
        {
            isSooner = Serve(_waiting.Add(client)); // with a fence between: a connection that ends does both in the reverse order
            if (Length > _limits.MaxWaiting)
                Leave(client);
        }

        if (isSooner)
            TickShortened?.Invoke();
        return client;
    }

    private void Leave(WaitingClient client)
    {
        lock (_gate)
        {
            if (_waiting.Find(client.Source) is { } source && Remove(source, client))
                client.Complete(new AdmissionResult(source.Refusal));
        }
    }

    private void ServeSource(SourceKey key)
    {
        if (Length == 0)
            return;
        bool isSooner;
        lock (_gate)
            isSooner = _waiting.Find(key) is { } source && Serve(source);
        if (isSooner)
            TickShortened?.Invoke();
    }

    private void HastenAll()
    {
        lock (_gate)
        {
            if (Length == 0)
                return;
            _sharedDueAt = 0;
            for (LinkedListNode<WaitingSource>? turn = _waiting.First; turn is not null; turn = turn.Next)
                turn.Value.Hasten();
            Volatile.Write(ref _dueAt, 0);
        }

        TickShortened?.Invoke();
    }

    // Under the lock, as all that follows. Returns whether the tick is due sooner than it was.
    private bool Serve(WaitingSource source)
    {
        while (source.Clients.Count > 0)
        {
            if (TryServeFirst(source))
                continue;
            if (source.DueAt >= _dueAt)
                return false;
            Volatile.Write(ref _dueAt, source.DueAt);
            return true;
        }

        return false;
    }

    private bool TryServeFirst(WaitingSource source)
    {
        AdmissionResult result = _sharedDueAt == 0
            ? TryAdmit(source)
            : new AdmissionResult(ConnectionEndReason.RateLimit, DueAt: _sharedDueAt, IsForAll: true);
        if (result.Refusal is { } refusal)
        {
            source.Postpone(refusal, result.DueAt);
            if (result.IsForAll)
                _sharedDueAt = result.DueAt;
            return false;
        }

        WaitingClient client = source.Clients.First!.Value;
        _ = Remove(source, client);
        client.Complete(result);
        return true;
    }

    // At the time at which its first client was due, or the next time that the limits name and that has passed.
    private AdmissionResult TryAdmit(WaitingSource source)
    {
        long now = _timeProvider.GetTimestamp();
        long at = source.DueAt > 0 ? Math.Clamp(source.DueAt, now - _lateness, now) : now;
        AdmissionResult result = _limits.TryAdmit(source.Source, at);
        while (!result.IsAdmitted && result.DueAt <= now)
        {
            at = result.DueAt;
            result = _limits.TryAdmit(source.Source, at);
        }

        return result;
    }

    private bool Remove(WaitingSource source, WaitingClient client)
    {
        if (!_waiting.Remove(source, client))
            return false;
        if (Length == 0)
            _sharedDueAt = 0;
        return true;
    }
}
