using LbTcp.Configuration;
using LbTcp.Diagnostics;
using LbTcp.Discovery;
using Microsoft.Extensions.Logging;

namespace LbTcp.Hosting;

/// <summary>Reloads the configuration while the process serves. A loop that ends unexpectedly ends the process in order.</summary>
internal sealed class ReloadLoop : IDisposable
{
    private readonly Reloader _reloader;
    private readonly Ticker _ticker;
    private readonly LoopSupervisor _supervisor;
    private readonly TimeProvider _timeProvider;

    /// <summary>Creates the loop, which is idle until it runs.</summary>
    /// <param name="files">The files that the running configuration was read from.</param>
    /// <param name="read">Reads the whole configuration.</param>
    /// <param name="target">The running process.</param>
    /// <param name="services">Creates the loggers of the services.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="loggers">Creates the loggers of the process.</param>
    public ReloadLoop(
        IReadOnlyList<string> files,
        Func<ConfigurationResult> read,
        IReloadTarget target,
        ServiceLoggers services,
        TimeProvider timeProvider,
        ILoggerFactory loggers)
    {
        var log = new ReloadLog(new ReloadChangesLog(loggers, services), timeProvider, loggers.CreateLogger<ReloadLog>());
        _reloader = new Reloader(files, read, target, new FileWatch(FileStamp.Read, timeProvider), log, timeProvider);
        _ticker = new Ticker("reload", () => _reloader.Interval, _reloader.Poll, _reloader.FinishAsync);
        _reloader.Woken += _ticker.Reschedule;
        _supervisor = new LoopSupervisor(loggers.CreateLogger<ReloadLoop>());
        _timeProvider = timeProvider;
    }

    /// <summary>Requests a reload. May be called on any thread.</summary>
    public void Request() => _reloader.Request();

    /// <inheritdoc cref="Reloader.RequestAsync"/>
    public Task<ReloadOutcome> RequestAsync() => _reloader.RequestAsync();

    /// <inheritdoc cref="Reloader.Plan"/>
    public ReloadOutcome Plan() => _reloader.Plan();

    /// <inheritdoc cref="Reloader.Counts"/>
    public ReloadCounts Counts => _reloader.Counts;

    /// <summary>Runs beside the services, which are asked to stop when the loop fails.</summary>
    /// <param name="serve">
    /// Starts the services before it first waits, and runs them until its token fires; returns whether they stopped on request.
    /// </param>
    /// <param name="stopping">Ends both.</param>
    /// <returns>Whether everything stopped on request.</returns>
    public async Task<bool> RunAsync(Func<CancellationToken, Task<bool>> serve, CancellationToken stopping)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        Task<bool> serving = serve(stop.Token);
        _ = _supervisor.Run(_ticker.Name, token => _ticker.RunAsync(_timeProvider, token), stop.Token);
        _ = await Task.WhenAny(serving, _supervisor.Failed);
        bool hasFailed = _supervisor.Failed.IsCompleted;
        await stop.CancelAsync();
        await _supervisor.WhenEndedAsync();
        await _ticker.FinishAsync();
        _reloader.Close();
        return await serving && !hasFailed;
    }

    /// <summary>Stops watching directories.</summary>
    public void Dispose() => _reloader.Dispose();
}
