using LbTcp.Backends;

namespace LbTcp.Health;

/// <summary>
/// Probes backends for their checks. A check with a <see cref="CheckLimit"/> below the timeout fails when the limit has passed, but its
/// probe goes on beside the next checks. If it is answered after all, the backend was slow or a packet was lost.
/// </summary>
/// <param name="probe">Probes a backend.</param>
/// <param name="running">Counts the probes that run.</param>
/// <param name="timeProvider">The clock of the limits.</param>
internal sealed class CheckProbe(IHealthProbe probe, RunningCount running, TimeProvider timeProvider)
{
    /// <summary>
    /// Makes the probe of <paramref name="check"/>, which keeps it if it is late. While an earlier one is late, this one ends with its
    /// check: one probe of each backend that listens for longer is enough.
    /// </summary>
    /// <param name="check">The check.</param>
    /// <param name="run">The probe to run.</param>
    /// <param name="limit">The time limits.</param>
    /// <param name="stopping">Ends all probing.</param>
    /// <exception cref="OperationCanceledException">Probing ends.</exception>
    public async Task<ProbeResult> ProbeAsync(BackendCheck check, ProbeRun run, CheckLimit limit, CancellationToken stopping)
    {
        bool mayBeLate = limit.IsShort && check.Late is null;
        Task<ProbeResult> answer = RunAsync(check.Backend, run, mayBeLate ? limit.Timeout : limit.Time, stopping);
        if (mayBeLate && !await IsAnsweredAsync(answer, limit.Time, stopping))
        {
            run.BecomeLate();
            check.Keep(new LateProbe(run, answer));
            return limit.Exceeded(null);
        }

        ProbeResult result = await answer;
        return limit.IsShort && result.Outcome is ProbeOutcome.Unhealthy && run.Duration >= limit.Time ? limit.Exceeded(result) : result;
    }

    private async Task<bool> IsAnsweredAsync(Task answer, TimeSpan limit, CancellationToken stopping)
    {
        Task wait = answer.WaitAsync(limit, timeProvider, stopping);
        await wait.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        stopping.ThrowIfCancellationRequested();
        return answer.IsCompleted;
    }

    private async Task<ProbeResult> RunAsync(Backend backend, ProbeRun run, TimeSpan timeout, CancellationToken stopping)
    {
        running.Begin();
        try
        {
            return await probe.ProbeAsync(backend, timeout, stopping);
        }
        finally
        {
            run.End();
            running.End();
        }
    }
}
