namespace LbTcp.Health;

/// <summary>The latest checks of one backend, and the number of all of them. Written by one check at a time, read by any thread.</summary>
/// <param name="timeProvider">The clock.</param>
internal sealed class CheckHistory(TimeProvider timeProvider)
{
    /// <summary>The number of checks that are kept.</summary>
    public const int Capacity = 30;

    private readonly Lock _gate = new();
    private readonly CheckRecord?[] _checks = new CheckRecord?[Capacity];
    private readonly long[] _counts = new long[(int)ProbeOutcome.Unanswered + 1];
    private int _last = -1;
    private int _inRow;

    /// <summary>The last check; null before the first one.</summary>
    public CheckRecord? Last
    {
        get
        {
            lock (_gate)
                return _last < 0 ? null : _checks[_last];
        }
    }

    /// <summary>The number of checks in a row, up to now, with the outcome of the last one.</summary>
    public int InRow => Volatile.Read(ref _inRow);

    /// <summary>The kept checks, the newest first.</summary>
    public IReadOnlyList<CheckRecord> Latest
    {
        get
        {
            lock (_gate)
                return [.. Enumerable.Range(0, Capacity).Select(age => _checks[(_last - age + Capacity) % Capacity]).OfType<CheckRecord>()];
        }
    }

    /// <summary>Returns the number of checks so far with that outcome.</summary>
    public long Count(ProbeOutcome outcome) => Volatile.Read(ref _counts[(int)outcome]);

    /// <summary>Adds a check that has ended.</summary>
    /// <param name="result">The result.</param>
    /// <param name="begun">When it began, as a timestamp of the clock.</param>
    /// <param name="duration">The time from its begin to the result.</param>
    public void Add(in ProbeResult result, long begun, TimeSpan duration)
    {
        DateTimeOffset time = timeProvider.GetUtcNow() - timeProvider.GetElapsedTime(begun);
        var check = new CheckRecord(time, result.Outcome, duration, result.Detail);
        lock (_gate)
        {
            bool continues = _last >= 0 && _checks[_last]!.Outcome == result.Outcome;
            Volatile.Write(ref _inRow, continues ? _inRow + 1 : 1);
            _last = (_last + 1) % Capacity;
            _checks[_last] = check;
            _counts[(int)result.Outcome]++;
        }
    }
}

/// <summary>One check that has ended.</summary>
/// <param name="Time">When it began.</param>
/// <param name="Outcome">The outcome.</param>
/// <param name="Duration">From its begin to the result.</param>
/// <param name="Detail">The result in words.</param>
internal sealed record CheckRecord(DateTimeOffset Time, ProbeOutcome Outcome, TimeSpan Duration, string Detail);
