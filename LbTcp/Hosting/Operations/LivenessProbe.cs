using LbTcp.Connections;

namespace LbTcp.Hosting.Operations;

/// <summary>Asks whether the event loops and the periodic work of a process still turn.</summary>
/// <param name="threads">The event-loop threads.</param>
/// <param name="services">The services, as they are now.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class LivenessProbe(
    IReadOnlyList<ITransportThread> threads, Func<IReadOnlyList<LoadBalancer>> services, TimeProvider timeProvider)
{
    // A loop turns within microseconds; one second includes a machine that is busy.
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(1);

    // As long as a collection of garbage or a pause of the machine might take. Less is no reason to restart a process.
    private static readonly TimeSpan _tolerance = TimeSpan.FromSeconds(10);

    /// <summary>Returns what does not turn; takes up to a second if something does not.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> has fired.</exception>
    public async Task<LivenessReport> VerifyAsync(CancellationToken cancellationToken)
    {
        string?[] stuck = await Task.WhenAll(threads.Select(thread => FindProblemAsync(thread, cancellationToken)));
        IEnumerable<string> late =
            from service in services()
            from ticker in service.Tickers
            let overdue = ticker.OverdueBy(timeProvider)
            where overdue > _tolerance
            select $"The periodic work '{ticker.Name}' of the service {service.Parts?.Name} is overdue by {Phrases.Of(overdue)}.";
        string[] problems = [.. stuck.OfType<string>(), .. late];
        return new LivenessReport(problems.Length == 0, problems);
    }

    private async Task<string?> FindProblemAsync(ITransportThread thread, CancellationToken cancellationToken)
    {
        try
        {
            _ = await thread.TurnAsync().WaitAsync(_timeout, timeProvider, cancellationToken);
            return null;
        }
        catch (TimeoutException)
        {
            string work = thread.IsForChecks ? "for health checks" : $"{thread.Number}";
            return $"The event loop {work} has not turned for {Phrases.Of(_timeout)}.";
        }
    }
}
