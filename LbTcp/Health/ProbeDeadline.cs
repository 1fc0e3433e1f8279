using LbTcp.Discovery;

namespace LbTcp.Health;

/// <summary>Combines the time limit of a probe and the end of all probing in one token.</summary>
internal sealed class ProbeDeadline : IDialLimit, IDisposable
{
    private readonly CancellationTokenSource _timer;
    private readonly CancellationTokenSource _either;
    private readonly TimeProvider _timeProvider;
    private readonly CancellationToken _end;
    private ProbeDeadline? _attempt;

    /// <summary>Starts the time limit.</summary>
    /// <param name="limit">The time from the start to the deadline.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="cancellationToken">Ends all probing.</param>
    public ProbeDeadline(TimeSpan limit, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        Limit = limit;
        _timeProvider = timeProvider;
        _end = cancellationToken;
        _timer = new CancellationTokenSource(limit, timeProvider);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_timer.Token, cancellationToken);
    }

    /// <summary>The time from the start to the deadline.</summary>
    public TimeSpan Limit { get; }

    /// <summary>Fires when the deadline has passed, and when probing ends.</summary>
    public CancellationToken Token => _either.Token;

    /// <summary>Whether the deadline has passed; false once probing has ended.</summary>
    public bool HasPassed => _timer.IsCancellationRequested && !_end.IsCancellationRequested;

    bool IDialLimit.HasTimedOut => _attempt is { HasPassed: true } || HasPassed;

    bool IDialLimit.IsAbandoned => _end.IsCancellationRequested;

    /// <inheritdoc/>
    public CancellationToken BeginAttempt(TimeSpan timeout)
    {
        _attempt?.Dispose();
        _attempt = new ProbeDeadline(timeout, _timeProvider, Token);
        return _attempt.Token;
    }

    /// <summary>Throws if probing has ended.</summary>
    /// <exception cref="OperationCanceledException">Probing has ended.</exception>
    public void ThrowIfProbingEnds() => _end.ThrowIfCancellationRequested();

    public void Dispose()
    {
        _attempt?.Dispose();
        _either.Dispose();
        _timer.Dispose();
    }
}
