namespace LbTcp.Hosting;

/// <summary>
/// Work that is to be done again and again. The work knows nothing of timers, so that tests can call it; a service runs all its tickers.
/// </summary>
/// <param name="name">What the work is called in logs.</param>
/// <param name="interval">The time from one tick to the next, above zero; asked again after every tick.</param>
/// <param name="work">The work, which must not block for long; the token fires when ticking ends.</param>
/// <param name="finish">
/// Completes when nothing that the work has begun is under way; called when ticking ends. Null when the work begins nothing.
/// </param>
internal sealed class Ticker(string name, Func<TimeSpan> interval, Action<CancellationToken> work, Func<Task>? finish = null)
{
    /// <summary>What the work is called in logs.</summary>
    public string Name { get; } = name;

    /// <summary>Does the work at once, and then at every tick; ticks that come while the work is still being done count as one.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> has fired.</exception>
    public async Task RunAsync(TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(interval(), timeProvider);
        try
        {
            do
            {
                work(cancellationToken);
                TimeSpan next = interval();
                if (next != timer.Period)
                    timer.Period = next;
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        finally
        {
            if (finish is not null)
                await finish();
        }
    }
}
