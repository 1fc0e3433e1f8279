using LbTcp.Configuration;
using LbTcp.Diagnostics;
using LbTcp.Discovery;
using Microsoft.Extensions.Logging;

namespace LbTcp.Hosting;

/// <summary>
/// The results of reloads in the log. A reload that changes nothing is logged only if the operator requested it or if it follows a
/// refusal; the same refusal is logged once.
/// </summary>
/// <param name="changes">Receives what changed.</param>
/// <param name="timeProvider">The clock.</param>
/// <param name="logger">Receives the lines.</param>
internal sealed partial class ReloadLog(ReloadChangesLog changes, TimeProvider timeProvider, ILogger<ReloadLog> logger)
{
    private (string First, int Count)? _refusal; // the record of the latest one; null after a success
    private HashSet<string> _warnings = []; // those of the latest configuration
    private bool _hasWarnedOfPolling;

    /// <summary>The configuration was applied as a whole, or was refused by what runs.</summary>
    /// <param name="trigger">Why it was read.</param>
    /// <param name="startedAt">The timestamp at which the reload began.</param>
    /// <param name="result">What it did.</param>
    /// <param name="files">The files of the configuration.</param>
    public void Applied(ReloadTrigger trigger, long startedAt, ApplyResult result, IReadOnlyList<string> files)
    {
        if (result.Plan is not { } plan)
        {
            Refused(trigger, ReloadOutcome.Of(result, files).Errors);
            return;
        }

        changes.Write(plan);
        bool isLogged = !plan.IsEmpty || _refusal is not null || IsRequested(trigger);
        _refusal = null;
        if (isLogged)
        {
            Log.Done(
                logger,
                ReloadOutcome.SourceOf(files),
                trigger,
                plan.Added,
                plan.Changed,
                plan.Removed,
                plan.Unchanged,
                timeProvider.GetElapsedTime(startedAt));
        }
    }

    /// <summary>The configuration is invalid; what runs is kept.</summary>
    /// <param name="trigger">Why it was read.</param>
    /// <param name="errors">The errors, at least one.</param>
    public void Refused(ReloadTrigger trigger, IReadOnlyList<ConfigurationError> errors)
    {
        var refusal = (First: errors[0].ToString(), errors.Count);
        if (refusal == _refusal && !IsRequested(trigger))
            return;
        _refusal = refusal;
        Log.Refused(logger, errors[0].Place, errors[0].Message, errors.Count > 1 ? errors.Count - 1 : null);
    }

    /// <summary>Logs the warnings that the configuration before did not have.</summary>
    /// <param name="trigger">Why it was read; those of the start are logged already.</param>
    /// <param name="warnings">All warnings of the configuration.</param>
    public void Warnings(ReloadTrigger trigger, IEnumerable<string> warnings)
    {
        HashSet<string> known = _warnings;
        _warnings = [.. warnings];
        if (trigger is not ReloadTrigger.Start)
            new StartLog(logger).Warnings(_warnings.Where(warning => !known.Contains(warning)));
    }

    /// <summary>A defect ended the reload.</summary>
    public void Failed(Exception exception) => Log.Failed(logger, exception);

    /// <summary>Warns once that the system refuses notifications of changed files.</summary>
    /// <param name="reason">The message of the system.</param>
    public void PollingOnly(string reason)
    {
        if (!Interlocked.Exchange(ref _hasWarnedOfPolling, true))
            Log.PollingOnly(logger, FileWatch.PollInterval, reason);
    }

    private static bool IsRequested(ReloadTrigger trigger) => trigger is ReloadTrigger.Signal or ReloadTrigger.Admin;

    private static partial class Log
    {
        [LoggerMessage(EventIds.ReloadDone, LogLevel.Information,
            "reload done source={Source} trigger={Trigger} added={Added} changed={Changed} removed={Removed} unchanged={Unchanged} "
            + "duration={Duration}")]
        public static partial void Done(
            ILogger logger, string source, ReloadTrigger trigger, int added, int changed, int removed, int unchanged, TimeSpan duration);

        [LoggerMessage(EventIds.ReloadRefused, LogLevel.Error,
            "reload refused, keeping what runs source={Source} error={Error} more={More}")]
        public static partial void Refused(ILogger logger, string source, string error, int? more);

        [LoggerMessage(EventIds.ReloadFailed, LogLevel.Error, "reload failed, a defect in lbtcp; keeping what runs")]
        public static partial void Failed(ILogger logger, Exception exception);

        [LoggerMessage(EventIds.ReloadPollingOnly, LogLevel.Warning,
            "files are polled, the system refuses notifications interval={Interval} reason={Reason}")]
        public static partial void PollingOnly(ILogger logger, TimeSpan interval, string reason);
    }
}
