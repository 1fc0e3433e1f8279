using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Diagnostics;
using LbTcp.Discovery;
using LbTcp.Hosting.Operations;

namespace LbTcp.Hosting;

/// <summary>
/// The configuration that the process runs with, and the way to replace it: everything that can fail comes before the first change, so a
/// configuration is applied as a whole or not at all.
/// </summary>
internal sealed class RunningConfiguration : IReloadTarget, IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Dictionary<string, LoadBalancer> _services = [];
    private readonly ServiceGroup _group;
    private readonly ServiceEnvironment _environment;
    private readonly ConfigurationReport _report;
    private readonly ReloadedLogLevel _level;
    private volatile HostOptions _options;
    private volatile LoadBalancer[] _running = [];

    /// <summary>Creates the services of the first configuration.</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="services">Its services, with the sockets of their addresses in the same order.</param>
    /// <param name="environment">The parts that the services share.</param>
    /// <param name="logs">Has the log level.</param>
    public RunningConfiguration(
        HostOptions options,
        IReadOnlyCollection<(Resolution Service, ListenSockets Sockets)> services,
        ServiceEnvironment environment,
        LogPipeline logs)
    {
        _options = options;
        _environment = environment;
        _report = new ConfigurationReport(environment, logs.Loggers);
        _level = new ReloadedLogLevel(logs);
        if (services.Count > 1)
            environment.Loggers.Name();
        foreach ((Resolution service, ListenSockets sockets) in services)
        {
            ServicePort[] ports =
            [
                .. service.Listen.Zip(sockets.All, (address, socket) => ServicePort.Of(address, socket, environment.Transport)),
            ];
            _services.Add(service.Service.Name, Create(service.Service, service.Discovery, ports, TransitionTrigger.Start));
        }

        _running = [.. _services.Values];
        _group = new ServiceGroup(_running);
        FollowBackends();
    }

    /// <inheritdoc cref="ServiceGroup.IsRunning"/>
    public bool IsRunning => _group.IsRunning;

    /// <inheritdoc cref="ServiceGroup.State"/>
    public ProcessState State => _group.State;

    /// <summary>The services in the order of the configuration. The list is immutable; a change replaces it.</summary>
    public IReadOnlyList<LoadBalancer> Services => _running;

    /// <inheritdoc cref="ServiceGroup.Leaving"/>
    public IReadOnlyList<LoadBalancer> Leaving => _group.Leaving;

    /// <inheritdoc cref="ServiceGroup.RunAsync"/>
    public Task<bool> RunAsync(CancellationToken stopping, CancellationToken aborting) => _group.RunAsync(stopping, aborting);

    /// <summary>
    /// Replaces the configuration. Connections, health, counters and slow start of whatever is in both configurations continue; removed
    /// services are drained in the background. Concurrent calls are carried out one after the other.
    /// </summary>
    /// <param name="next">A valid configuration.</param>
    /// <param name="cancellationToken">Gives up, while nothing was changed yet.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> has fired; nothing was changed.</exception>
    public async Task<ApplyResult> ApplyAsync(HostOptions next, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            return _group.IsRunning
                ? await PrepareAndApplyAsync(next, cancellationToken)
                : ApplyResult.Refused("lbtcp is starting or stopping.");
        }
        catch (Exception exception) when (exception is StartException or ListenException)
        {
            return ApplyResult.Refused(exception.Message);
        }
        finally
        {
            _ = _gate.Release();
        }
    }

    /// <summary>Logs the addresses of all services. Called once, when nothing can prevent the start any more.</summary>
    public void ReportListening()
    {
        foreach (ServiceOptions service in _options.Services)
            _report.Listening(service, _services[service.Name].Backends.Count, _services[service.Name].Ports);
    }

    /// <inheritdoc/>
    public HostPlan Plan(HostOptions next) => HostPlan.Between(_options, next);

    /// <inheritdoc/>
    public void EndReport() => _level.EndReport();

    /// <summary>Stops all loops of services that were not drained and stopped, without waiting. A call under way ends as it can.</summary>
    public void Dispose() => _group.Dispose(); // not the semaphore, which holds nothing and may be in use

    private async Task<ApplyResult> PrepareAndApplyAsync(HostOptions next, CancellationToken cancellationToken)
    {
        var plan = HostPlan.Between(_options, next);
        if (plan.Refusals.Count > 0)
            return ApplyResult.Refused(plan.Refusals);
        PreparedReload reload = await PreparedReload.PrepareAsync(plan, _services, _environment, cancellationToken);
        if (!_group.IsRunning)
        {
            reload.Abandon();
            return ApplyResult.Refused("lbtcp is stopping."); // meanwhile
        }

        return new ApplyResult([], await CarryOutAsync(reload, next, Open(reload)));
    }

    private IReadOnlyList<(string Service, ServicePort Port)> Open(PreparedReload reload)
    {
        try
        {
            return reload.Ports.Open(_environment.Transport);
        }
        catch
        {
            reload.Abandon();
            throw;
        }
    }

    private async Task<HostPlan> CarryOutAsync(
        PreparedReload reload, HostOptions next, IReadOnlyList<(string Service, ServicePort Port)> opened)
    {
        if (reload.Plan.Services.Count > 1)
            _environment.Loggers.Name();
        _environment.Discovery.Own.Replace(
            reload.Staying(_services).Concat(opened.Select(port => port.Port.LocalEndPoint)));
        List<(string Service, ServicePort Port)> added = [.. opened];
        foreach (PortMove move in reload.Ports.Moves)
        {
            // The clients in the queue are those of the other service.
            if (await move.From.RemovePortAsync(move.Port, new CancellationToken(canceled: true)) && move.To is { } to)
                added.Add((to, move.Port));
        }

        ILookup<string, ServicePort> ports = added.ToLookup(port => port.Service, port => port.Port);
        ServicePlan[] done =
        [
            .. reload.Plan.Services.Select(service => CarryOut(service, [.. ports[service.Name]], reload.DiscoveryOf(service.Name))),
        ];
        foreach (PortMove closed in reload.Ports.Closed)
            await CloseAsync(closed);
        foreach (ServicePlan removed in done.Where(service => service.Kind is ServiceChangeKind.Removed))
            await RemoveAsync(removed.Name);
        bool isOtherLevel = next.LogLevel != _options.LogLevel;
        _options = next;
        _running = [.. next.Services.Select(service => _services[service.Name])];
        FollowBackends();
        if (isOtherLevel)
            _level.Change(next.LogLevel);
        _report.Changes(reload, service => _services[service].Backends.Count, ports);
        return reload.Plan with { Services = done, IsCarriedOut = true };
    }

    private ServicePlan CarryOut(ServicePlan plan, IReadOnlyList<ServicePort> ports, BackendDiscovery? discovery)
    {
        switch (plan)
        {
            case { Kind: ServiceChangeKind.Added, Next: { } next }:
                _ = discovery!.Apply(next.Backends);
                LoadBalancer added = Create(next, discovery, ports, TransitionTrigger.Reload);
                _services.Add(plan.Name, added);
                _ = _group.Add(added);
                return plan;
            case { IsTouched: true, Next: { } next }:
                LoadBalancer changed = _services[plan.Name];
                changed.Configure(next);
                PoolChange backends = changed.Apply(next.Backends);
                foreach (ServicePort port in ports)
                    _ = changed.AddPort(port);
                return plan with { Backends = backends };
            default:
                return plan;
        }
    }

    private LoadBalancer Create(
        ServiceOptions options, BackendDiscovery discovery, IReadOnlyList<ServicePort> ports, TransitionTrigger trigger)
    {
        discovery.Pool.Changed += change =>
        {
            if (change.Added.Count + change.Removed.Count > 0)
                FollowBackends();
        };
        return ServiceComposition.Create(options, discovery, ports, _environment, trigger);
    }

    // A name may have more addresses than expected, or fewer until it has an answer.
    private void FollowBackends()
    {
        HostOptions options = _options;
        _environment.Limits.Change(options, Math.Max(options.BackendCount, _running.Sum(service => service.Backends.Count)));
    }

    private async Task RemoveAsync(string service)
    {
        _ = _services.Remove(service, out LoadBalancer? removed);
        await _group.RemoveAsync(removed!);
    }

    private async Task CloseAsync(PortMove closed)
    {
        if (!await closed.From.RemovePortAsync(closed.Port, CancellationToken.None))
            return; // the stop closes it
        closed.Port.Dispose();
        _report.ListeningEnded(closed);
    }
}
