using LbTcp.Diagnostics;

namespace LbTcp.Hosting.Operations;

/// <summary>Creates what an operator sees the process with and changes it by, and connects the parts.</summary>
internal sealed class HostOperations
{
    /// <summary>Creates both.</summary>
    /// <param name="running">The services that run.</param>
    /// <param name="environment">The parts that they share.</param>
    /// <param name="reloads">Reloads the configuration; null if it cannot be read again.</param>
    /// <param name="logs">The log.</param>
    /// <param name="events">The events of the log.</param>
    public HostOperations(
        RunningConfiguration running, ServiceEnvironment environment, ReloadLoop? reloads, LogPipeline logs, EventLog events)
    {
        TimeProvider timeProvider = environment.TimeProvider;
        var services = new ServiceLookup(running);
        var process = new ProcessReader(
            running, environment.Limits, environment.Transport, logs, reloads?.Counts ?? new ReloadCounts(timeProvider), timeProvider);
        var liveness = new LivenessProbe(environment.Transport.Threads, () => running.Services, timeProvider);
        View = new HostView(services, process, environment.History ?? new TrafficHistory(timeProvider), liveness, events, timeProvider);
        Control = new HostControl(services, reloads, logs);
    }

    /// <summary>Shows the process.</summary>
    public IHostView View { get; }

    /// <summary>Changes the process.</summary>
    public IHostControl Control { get; }
}
