using LbTcp.Balancing;
using LbTcp.Cli;
using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Connections.Linux;
using LbTcp.Connections.Sockets;
using LbTcp.Forwarding;
using LbTcp.Health;
using Microsoft.Extensions.Logging;

namespace LbTcp.Hosting;

/// <summary>Makes the parts of one service, puts them together, and runs it.</summary>
/// <param name="options">What the operator asked for.</param>
/// <param name="resolution">What the names in it stand for.</param>
/// <param name="loggers">Where the parts' loggers come from.</param>
/// <param name="timeProvider">The time.</param>
internal sealed class Composition(CommandOptions options, Resolution resolution, ILoggerFactory loggers, TimeProvider timeProvider)
{
    private readonly StartLog _log = new(loggers.CreateLogger<Composition>());

    /// <summary>Listens and serves until <paramref name="stopping"/> fires, then drains until <paramref name="aborting"/> fires or the time is up.</summary>
    /// <returns>Whether it stopped because it was asked to; false when it failed, which was logged.</returns>
    /// <exception cref="ListenException">One of the addresses cannot be listened on.</exception>
    public async Task<bool> RunAsync(CancellationToken stopping, CancellationToken aborting)
    {
        _log.Warnings(options, resolution);
        using var sockets = ListenSockets.Open(resolution.Listen);
        using ITransport transport = CreateTransport();
        var connections = new ActiveConnections(options.LoadBalancer.MaxConnections, options.Forwarding, timeProvider);
        var balancer = new Balancer(resolution.Pool, Policies.Create(options.Algorithm), options.SlowStart, timeProvider);
        var health = new PoolHealth(resolution.Pool, options.HealthCheck, options.PassiveHealth, timeProvider, loggers.CreateLogger<PoolHealth>());
        _ = new OutageTracker(resolution.Pool, options.Forwarding, timeProvider, loggers.CreateLogger<OutageTracker>()); // held by the pool
        LoadBalancer loadBalancer = CreateLoadBalancer(transport, sockets, connections, balancer, health);
        HealthChecker checker = CreateChecker(health);
        _log.Listening(options, sockets);
        using var checking = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        Task ticks = Task.WhenAll(
            TickAsync(() => checker.Tick, () => checker.BeginDueChecks(checking.Token), checking.Token),
            TickAsync(() => health.Tick, health.EndEjections, checking.Token),
            balancer.Tick is { } tick ? TickAsync(() => tick, balancer.Advance, checking.Token) : Task.CompletedTask);
        bool isClean = await loadBalancer.RunAsync(stopping, aborting);
        await checking.CancelAsync();
        await ticks;
        await checker.WhenIdleAsync();
        _log.Stopped();
        return isClean;
    }

    private ITransport CreateTransport()
    {
        if (options.TransportKind is TransportKind.Sockets)
            return new SocketTransport(options.Transport);
        int descriptors = (int)Math.Min(DescriptorLimit.Read() ?? int.MaxValue, int.MaxValue);
        if (EpollTransport.TryCreate(options.Transport, Environment.ProcessorCount, descriptors, out EpollTransport? transport, out string? reason))
            return transport;
        if (options.TransportKind is TransportKind.Epoll)
            throw new OperatorException(ExitCode.Failure, $"--transport epoll cannot be used: {reason}. Use --transport auto.");
        _log.TransportFallback(reason);
        return new SocketTransport(options.Transport);
    }

    private LoadBalancer CreateLoadBalancer(
        ITransport transport, ListenSockets sockets, ActiveConnections connections, Balancer balancer, PoolHealth health)
    {
        var connector = new AddressConnector(transport.Connector, options.Forwarding);
        var queue = new ConnectionQueue(balancer, options.Forwarding, timeProvider);
        var handler = new ConnectionHandler(connections, queue, connector, health, options.Forwarding, loggers.CreateLogger<ConnectionHandler>());
        IConnectionListener[] listeners = [.. sockets.Listeners.SelectMany(transport.Listen)];
        return new LoadBalancer(listeners, connections, handler, options.LoadBalancer, timeProvider, loggers.CreateLogger<LoadBalancer>());
    }

    // Probes dial on managed sockets: the threads of the fast transport must not wait.
    private HealthChecker CreateChecker(PoolHealth health) => new(
        resolution.Pool,
        health,
        new BackendProbe(options.HealthCheck, new SocketConnector(options.Transport), timeProvider),
        options.HealthCheck,
        timeProvider,
        loggers.CreateLogger<HealthChecker>());

    private async Task TickAsync(Func<TimeSpan> period, Action work, CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(period(), timeProvider);
        try
        {
            do
            {
                work();
                if (timer.Period != period())
                    timer.Period = period();
            }
            while (await timer.WaitForNextTickAsync(stopping));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The end of serving.
        }
    }
}
