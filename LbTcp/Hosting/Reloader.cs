using LbTcp.Configuration;
using LbTcp.Discovery;

namespace LbTcp.Hosting;

/// <summary>
/// Reads the configuration again when a file of it has changed or the operator requests it, and applies what it says. An invalid
/// configuration changes nothing. Its work is done by a <see cref="Ticker"/>.
/// </summary>
internal sealed class Reloader : IDisposable
{
    private static readonly TimeSpan _soon = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan _busyInterval = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan _hintInterval = TimeSpan.FromMilliseconds(20); // a directory may change thousands of times a second

    private readonly IReloadTarget _target;
    private readonly FileWatch _watch;
    private readonly ReloadReader _reader;
    private readonly ReloadLog _log;
    private readonly TimeProvider _timeProvider;
    private readonly DirectoryHints _hints;
    private readonly ReloadRequests _requests = new();
    private volatile Task _running = Task.CompletedTask;
    private volatile bool _isHinted;

    /// <summary>Creates a reloader, which does nothing until it is polled.</summary>
    /// <param name="files">The files that the running configuration was read from.</param>
    /// <param name="read">Reads the whole configuration; may block while it reads files.</param>
    /// <param name="target">The running process.</param>
    /// <param name="watch">Watches the files of the configuration.</param>
    /// <param name="log">Receives the results.</param>
    /// <param name="timeProvider">The clock.</param>
    public Reloader(
        IReadOnlyList<string> files,
        Func<ConfigurationResult> read,
        IReloadTarget target,
        FileWatch watch,
        ReloadLog log,
        TimeProvider timeProvider)
    {
        _target = target;
        _watch = watch;
        _log = log;
        _timeProvider = timeProvider;
        Counts = new ReloadCounts(timeProvider);
        _hints = new DirectoryHints(WakeForHint, log.PollingOnly);
        _reader = new ReloadReader(files, read, watch, _hints);
    }

    /// <summary>Raised on any thread when <see cref="Interval"/> has become shorter.</summary>
    public event Action? Woken;

    /// <summary>The numbers of reloads so far.</summary>
    public ReloadCounts Counts { get; }

    /// <summary>The time until the next poll.</summary>
    public TimeSpan Interval
    {
        get
        {
            if (!_running.IsCompleted)
                return _busyInterval;
            if (_requests.Any)
                return _soon;
            return _isHinted ? _hintInterval : _watch.Interval;
        }
    }

    /// <summary>Requests a reload, whether a file has changed or not. May be called on any thread.</summary>
    public void Request()
    {
        _requests.Signal();
        Woken?.Invoke();
    }

    /// <summary>Requests a reload and waits for its outcome. May be called on any thread.</summary>
    public Task<ReloadOutcome> RequestAsync()
    {
        Task<ReloadOutcome> outcome = _requests.Add();
        if (!outcome.IsCompleted)
            Woken?.Invoke();
        return outcome;
    }

    /// <summary>
    /// Reads the configuration and plans the way to it, without resolving names, and changes nothing. May be called on any thread; blocks
    /// while it reads files.
    /// </summary>
    public ReloadOutcome Plan()
    {
        ConfigurationResult configuration = _reader.ReadForPlan();
        if (!configuration.IsValid)
            return new ReloadOutcome(configuration.Errors, null);
        HostPlan plan = _target.Plan(configuration.Options);
        return ReloadOutcome.Of(new ApplyResult(plan.Refusals, plan), configuration.Files);
    }

    /// <summary>Starts a reload if there is a reason for one and none is running. Requests of the meantime are combined.</summary>
    public void Poll(CancellationToken cancellationToken)
    {
        if (!_running.IsCompleted)
            return;
        _isHinted = false;
        FileChange change = _watch.Poll();
        ReloadRequests.Taken taken = _requests.Take();
        if (TriggerOf(taken, change) is { } trigger)
            _running = ReloadAsync(trigger, taken, cancellationToken);
    }

    /// <summary>Completes when no reload is running.</summary>
    public Task FinishAsync() => _running;

    /// <summary>Refuses the requests that wait, and those that come from now on. There must be no more polls.</summary>
    public void Close() => _requests.Close();

    /// <summary>Stops watching directories.</summary>
    public void Dispose()
    {
        _hints.Dispose();
        Close();
    }

    private async Task ReloadAsync(ReloadTrigger trigger, ReloadRequests.Taken requests, CancellationToken cancellationToken)
    {
        ReloadOutcome outcome = ReloadOutcome.Stopping;
        if (trigger is ReloadTrigger.Start && _watch.FindReadableOnce() is not null)
            return;
        try
        {
            outcome = await ReadAndApplyAsync(trigger, cancellationToken);
            Count(trigger, outcome);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The process stops.
        }
        catch (Exception exception)
        {
            _log.Failed(exception);
            Counts.CountRefused();
            outcome = new ReloadOutcome([new ConfigurationError("lbtcp", "The reload failed, a defect in lbtcp; see the log.")], null);
        }
        finally
        {
            requests.Answer(outcome);
        }
    }

    private async Task<ReloadOutcome> ReadAndApplyAsync(ReloadTrigger trigger, CancellationToken cancellationToken)
    {
        long startedAt = _timeProvider.GetTimestamp();
        ConfigurationResult configuration = _reader.Read();
        if (!configuration.IsValid)
        {
            _log.Refused(trigger, configuration.Errors);
            return new ReloadOutcome(configuration.Errors, null);
        }

        ApplyResult result = await _target.ApplyAsync(configuration.Options, cancellationToken);
        _log.Applied(trigger, startedAt, result, configuration.Files);
        _log.Warnings(trigger, StartWarnings.Of(configuration));
        _target.EndReport();
        return ReloadOutcome.Of(result, configuration.Files);
    }

    private static ReloadTrigger? TriggerOf(ReloadRequests.Taken requests, FileChange change) => change switch
    {
        _ when requests.IsSignalled => ReloadTrigger.Signal,
        _ when requests.IsAwaited => ReloadTrigger.Admin,
        FileChange.Found => ReloadTrigger.File,
        FileChange.Possible => ReloadTrigger.Start,
        _ => null,
    };

    // The first reading compares the files with what was read at the start, which has been counted.
    private void Count(ReloadTrigger trigger, ReloadOutcome outcome)
    {
        if (outcome.Plan is not { } plan)
            Counts.CountRefused();
        else if (trigger is not ReloadTrigger.Start || !plan.IsEmpty)
            Counts.CountDone();
    }

    private void WakeForHint()
    {
        if (_isHinted)
            return;
        _isHinted = true;
        Woken?.Invoke();
    }
}
