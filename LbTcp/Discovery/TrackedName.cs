namespace LbTcp.Discovery;

/// <summary>
/// A name whose answer <see cref="NameTracker"/> keeps up to date, for all lines and services that have it. Written by one look-up at a
/// time; may be read from any thread.
/// </summary>
/// <param name="question">The name.</param>
internal sealed class TrackedName(NameQuestion question)
{
    private readonly TaskCompletionSource _firstEnd = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile NameAnswer? _answer;
    private volatile string? _failure;
    private int _isLookedUp;
    private long _begun;
    private long _due; // 0: at once
    private int _failures;

    /// <summary>The name.</summary>
    public NameQuestion Question { get; } = question;

    /// <summary>The latest good answer; replaced only when it differs. Null while there is none.</summary>
    public NameAnswer? Answer => _answer;

    /// <summary>Why the latest look-up failed; null if it succeeded or none has ended yet.</summary>
    public string? Failure => _failure;

    /// <summary>The number of look-ups that failed in a row.</summary>
    public int Failures => Volatile.Read(ref _failures);

    /// <summary>What is known about the time that a look-up takes.</summary>
    public NameStanding Standing { get; private set; }

    /// <summary>Whether the failure of the name was logged and its recovery was not.</summary>
    public bool IsReported { get; set; }

    /// <summary>The number of users; guarded by the tracker's lock.</summary>
    public int Users { get; set; }

    /// <summary>Completes when the first look-up has ended, whether it succeeded or failed.</summary>
    public Task WhenAsked => _firstEnd.Task;

    /// <summary>Begins a look-up if it is due and none is under way.</summary>
    /// <param name="now">The time, as ticks since the start of the tracker; above 0.</param>
    public bool TryBegin(long now)
    {
        if (now < Volatile.Read(ref _due) || Interlocked.Exchange(ref _isLookedUp, 1) == 1)
            return false;
        Volatile.Write(ref _begun, now);
        return true;
    }

    /// <summary>
    /// Brings the next look-up forward, to <paramref name="pause"/> after the beginning of the latest one, unless that one failed: name
    /// servers that do not answer are not asked more often because a backend does not answer either.
    /// </summary>
    public void Hasten(TimeSpan pause)
    {
        if (Failures > 0)
            return;
        long earliest = Volatile.Read(ref _begun) + pause.Ticks;
        long due = Volatile.Read(ref _due);
        if (earliest < due)
            _ = Interlocked.CompareExchange(ref _due, earliest, due);
    }

    /// <summary>Records a success.</summary>
    public void Succeed(NameAnswer answer)
    {
        if (_answer is not { } known || !answer.HasSameContent(known))
            _answer = answer;
        _failure = null;
        Standing = NameStanding.Proven;
        Volatile.Write(ref _failures, 0);
    }

    /// <summary>Records a failure; the latest good answer stays.</summary>
    public void Fail(string failure, bool isSuspected)
    {
        _failure = failure;
        Standing = isSuspected ? NameStanding.Suspected : _answer is null ? NameStanding.New : NameStanding.Proven;
        _ = Interlocked.Increment(ref _failures);
    }

    /// <summary>Ends a look-up.</summary>
    /// <param name="due">The time of the next one.</param>
    public void End(long due)
    {
        Volatile.Write(ref _due, due);
        Volatile.Write(ref _isLookedUp, 0);
        _ = _firstEnd.TrySetResult();
    }
}
