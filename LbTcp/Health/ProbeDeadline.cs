namespace LbTcp.Health;

/// <summary>A time limit and the end of all probing, in one token.</summary>
internal sealed class ProbeDeadline : IDisposable
{
    private readonly CancellationTokenSource _timer;
    private readonly CancellationTokenSource _either;
    private readonly CancellationToken _end;

    /// <summary>Starts the clock.</summary>
    /// <param name="limit">How long it takes until the deadline has passed.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="cancellationToken">Ends all probing.</param>
    public ProbeDeadline(TimeSpan limit, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        Limit = limit;
        _end = cancellationToken;
        _timer = new CancellationTokenSource(limit, timeProvider);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_timer.Token, cancellationToken);
    }

    /// <summary>How long it takes until the deadline has passed.</summary>
    public TimeSpan Limit { get; }

    /// <summary>Fires when the time is up, and when probing ends.</summary>
    public CancellationToken Token => _either.Token;

    /// <summary>Whether the time is up; false when probing ends.</summary>
    public bool HasPassed => _timer.IsCancellationRequested && !_end.IsCancellationRequested;

    /// <summary>Throws when probing ends.</summary>
    /// <exception cref="OperationCanceledException">Probing ends.</exception>
    public void ThrowIfProbingEnds() => _end.ThrowIfCancellationRequested();

    public void Dispose()
    {
        _either.Dispose();
        _timer.Dispose();
    }
}
