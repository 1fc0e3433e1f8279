namespace LbTcp.Health;

/// <summary>
/// The deadlines of the probes that are running, on one timer for all: most probes end long before their deadline, and a timer of their own
/// would cost more than the rest of the probe. The timer is set only while there are deadlines. Safe for use by any number of threads.
/// </summary>
/// <param name="timeProvider">The clock.</param>
internal sealed class ProbeDeadlines(TimeProvider timeProvider)
{
    // The time from one sweep to the next, at least; a deadline may pass later by that much.
    private static readonly TimeSpan _shortestPause = TimeSpan.FromMilliseconds(10);

    private readonly Lock _gate = new();
    private readonly LinkedList<ProbeDeadline> _pending = new();
    private readonly long _start = timeProvider.GetTimestamp();
    private ITimer? _timer;
    private TimeSpan? _nextSweep;

    private TimeSpan Now => timeProvider.GetElapsedTime(_start);

    /// <summary>Starts a time limit.</summary>
    /// <param name="limit">The time from now to the deadline.</param>
    /// <param name="end">Ends all probing.</param>
    /// <returns>The deadline, which must be disposed.</returns>
    public ProbeDeadline Begin(TimeSpan limit, CancellationToken end)
    {
        TimeSpan now = Now;
        var deadline = new ProbeDeadline(this, limit, now + limit, end);
        lock (_gate)
        {
            _pending.AddLast(deadline.Entry);
            if (_nextSweep is not { } next || deadline.EndsAt < next)
                SweepAfter(limit, now);
        }

        return deadline;
    }

    /// <summary>Removes a deadline that is no longer needed.</summary>
    public void Remove(ProbeDeadline deadline)
    {
        lock (_gate)
        {
            if (deadline.Entry.List is not null)
                _pending.Remove(deadline.Entry);
        }
    }

    private void Sweep()
    {
        List<ProbeDeadline> passed = [];
        lock (_gate)
        {
            TimeSpan now = Now;
            _nextSweep = null;
            TimeSpan earliest = TimeSpan.MaxValue;
            for (LinkedListNode<ProbeDeadline>? entry = _pending.First, next; entry is not null; entry = next)
            {
                next = entry.Next;
                if (entry.Value.EndsAt > now)
                {
                    earliest = entry.Value.EndsAt < earliest ? entry.Value.EndsAt : earliest;
                    continue;
                }

                _pending.Remove(entry);
                passed.Add(entry.Value);
            }

            if (_pending.Count > 0)
                SweepAfter(earliest - now > _shortestPause ? earliest - now : _shortestPause, now);
        }

        passed.ForEach(deadline => deadline.Pass()); // runs code of the probes: not under the lock
    }

    private void SweepAfter(TimeSpan pause, TimeSpan now)
    {
        _nextSweep = now + pause;
        _timer ??= timeProvider.CreateTimer(
            static deadlines => ((ProbeDeadlines)deadlines!).Sweep(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _ = _timer.Change(pause, Timeout.InfiniteTimeSpan);
    }
}
