using LbTcp.Discovery;

namespace LbTcp.Health;

/// <summary>Combines the time limit of a probe and the end of all probing in one token. Made by <see cref="ProbeDeadlines"/>.</summary>
internal sealed class ProbeDeadline : IDialLimit, IDisposable
{
    private readonly ProbeDeadlines _deadlines;
    private readonly CancellationTokenSource _source = new(); // not disposed, since the sweep may cancel it at any time; it has no timer
    private readonly CancellationToken _end;
    private readonly CancellationTokenRegistration _registration;
    private volatile bool _hasPassed;
    private ProbeDeadline? _attempt;

    /// <summary>Creates a deadline; <see cref="ProbeDeadlines.Begin"/> starts its time.</summary>
    public ProbeDeadline(ProbeDeadlines deadlines, TimeSpan limit, TimeSpan endsAt, CancellationToken end)
    {
        _deadlines = deadlines;
        _end = end;
        Limit = limit;
        EndsAt = endsAt;
        Entry = new LinkedListNode<ProbeDeadline>(this);
        _registration = end.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _source);
    }

    /// <summary>The time from the start to the deadline.</summary>
    public TimeSpan Limit { get; }

    /// <summary>The time of the deadline on the clock of its <see cref="ProbeDeadlines"/>.</summary>
    public TimeSpan EndsAt { get; }

    /// <summary>The entry in the list of its <see cref="ProbeDeadlines"/>, which alone uses it.</summary>
    public LinkedListNode<ProbeDeadline> Entry { get; }

    /// <summary>Fires when the deadline has passed, and when probing ends.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Whether the deadline has passed; false once probing has ended.</summary>
    public bool HasPassed => _hasPassed && !_end.IsCancellationRequested;

    bool IDialLimit.HasTimedOut => _attempt is { HasPassed: true } || HasPassed;

    bool IDialLimit.IsAbandoned => _end.IsCancellationRequested;

    /// <inheritdoc/>
    public CancellationToken BeginAttempt(TimeSpan timeout)
    {
        _attempt?.Dispose();
        _attempt = timeout < Limit ? _deadlines.Begin(timeout, Token) : null;
        return _attempt?.Token ?? Token;
    }

    /// <summary>Records that the deadline has passed, and fires the token.</summary>
    public void Pass()
    {
        _hasPassed = true;
        _source.Cancel();
    }

    /// <summary>Throws if probing has ended.</summary>
    /// <exception cref="OperationCanceledException">Probing has ended.</exception>
    public void ThrowIfProbingEnds() => _end.ThrowIfCancellationRequested();

    public void Dispose()
    {
        _attempt?.Dispose();
        _deadlines.Remove(this);
        _ = _registration.Unregister(); // does not wait for a callback that is running
    }
}
