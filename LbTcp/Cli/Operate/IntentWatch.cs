using LbTcp.Backends;
using LbTcp.Cli.Terminals;
using LbTcp.Configuration;
using LbTcp.Hosting.Operations;

namespace LbTcp.Cli.Operate;

/// <summary>
/// Waits until an intent has its effect, and shows the progress: until a backend has no connections any more, or is available again.
/// </summary>
/// <param name="environment">The output and the clock.</param>
/// <param name="before">The backend before the intent was set.</param>
/// <param name="intent">The intent.</param>
internal sealed class IntentWatch(VerbEnvironment environment, BackendDetail before, BackendIntent intent)
{
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(1);

    private readonly BackendDetail _before = before;
    private readonly string _name = SafeText.Escape(before.Name);

    /// <summary>The backend as it was when it was last asked for.</summary>
    public BackendDetail Last { get; private set; } = before;

    /// <summary>Waits.</summary>
    /// <param name="readAsync">Asks for the backend.</param>
    /// <param name="wait">The maximum time.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Success if it is done; failure if the time has passed, or if someone else has set another intent.</returns>
    public async Task<ExitCode> WaitAsync(
        Func<CancellationToken, Task<BackendDetail>> readAsync, TimeSpan wait, CancellationToken cancellationToken)
    {
        using var progress = new ProgressLine(environment);
        long start = environment.TimeProvider.GetTimestamp();
        while (true)
        {
            Last = await readAsync(cancellationToken);
            TimeSpan elapsed = environment.TimeProvider.GetElapsedTime(start);
            if (Last.Intent == intent && IsDone)
            {
                progress.End(Done(elapsed));
                return ExitCode.Success;
            }

            if (Last.Intent != intent)
            {
                progress.End($"{_name}: given up, someone else has set it to {WordOf(Last.Intent)}; {Last.Traffic.Open} open");
                return ExitCode.Failure;
            }

            if (elapsed >= wait)
            {
                progress.End(TimeIsUp(wait));
                return ExitCode.Failure;
            }

            progress.Update(Progress());
            await Task.Delay(wait - elapsed < _pause ? wait - elapsed : _pause, environment.TimeProvider, cancellationToken);
        }
    }

    private bool IsDone => intent is BackendIntent.Ready ? Last.Available : Last.Traffic.Open == 0;

    private string Progress() => intent is BackendIntent.Ready
        ? $"{_name}: not available yet, {SafeText.Escape(Last.Reason)}"
        : $"{_name}: {(intent is BackendIntent.Drain ? "draining" : "in maintenance")}, {Last.Traffic.Open} open, "
            + $"oldest {Age(Last.OldestConnection)}, longest idle {Age(Last.LongestIdle)}";

    private string Done(TimeSpan elapsed)
    {
        if (intent is BackendIntent.Ready)
            return $"{_name}: available after {HumanText.Elapsed(elapsed)}";
        long completed = Math.Max(0, Last.Completed - _before.Completed);
        long ended = _before.Traffic.Open + (Last.Traffic.Total - _before.Traffic.Total) - Last.Traffic.Open;
        return $"{_name}: drained in {HumanText.Elapsed(elapsed)}, {completed} completed, {Math.Max(0, ended - completed)} cut";
    }

    private string TimeIsUp(TimeSpan wait) => intent is BackendIntent.Ready
        ? $"{_name}: not available after {Duration.Format(wait)}, {SafeText.Escape(Last.Reason)}"
        : $"{_name}: {Last.Traffic.Open} still open after {Duration.Format(wait)}, longest idle {Age(Last.LongestIdle)}; "
            + $"the backend stays in {WordOf(intent)}";

    private static string WordOf(BackendIntent intent) => intent.ToString().ToLowerInvariant();

    private static string Age(TimeSpan? age) => age is { } known ? HumanText.Age(known) : "-";
}
