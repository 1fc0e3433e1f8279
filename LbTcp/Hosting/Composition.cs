using LbTcp.Backends;
using LbTcp.Balancing;
using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Connections.Linux;
using LbTcp.Connections.Sockets;
using LbTcp.Forwarding;
using LbTcp.Health;
using Microsoft.Extensions.Logging;

namespace LbTcp.Hosting;

/// <summary>Makes the parts of one service, puts them together, and runs it.</summary>
/// <param name="host">The options of the process.</param>
/// <param name="options">The options of the service.</param>
/// <param name="limit">The limit of client connections.</param>
/// <param name="resolution">The addresses of the names in the options.</param>
/// <param name="loggers">Creates the loggers of the parts.</param>
/// <param name="timeProvider">The time.</param>
internal sealed class Composition(
    HostOptions host,
    ServiceOptions options,
    ConnectionLimit limit,
    Resolution resolution,
    ILoggerFactory loggers,
    TimeProvider timeProvider)
{
    private readonly StartLog _log = new(loggers.CreateLogger<Composition>());

    /// <summary>
    /// Listens and serves until <paramref name="stopping"/> fires, then drains until <paramref name="aborting"/> fires or the time is up.
    /// </summary>
    /// <returns>Whether it stopped because it was asked to; false when it failed, which was logged.</returns>
    /// <exception cref="ListenException">One of the addresses cannot be listened on.</exception>
    public async Task<bool> RunAsync(CancellationToken stopping, CancellationToken aborting)
    {
        _log.Warnings(options, limit, resolution);
        using var sockets = ListenSockets.Open(resolution.Listen);
        using ITransport transport = CreateTransport();
        var connections = new ActiveConnections(limit.Value, options.Forwarding, timeProvider);
        SlowStart? slowStart = options.SlowStartTime > TimeSpan.Zero ? new SlowStart(options.SlowStartTime, timeProvider) : null;
        resolution.Pool.Balance(Policies.Create(options.Algorithm), slowStart);
        var tracker = new PoolHealth(resolution.Pool, options.HealthCheck, options.PassiveHealth, timeProvider, loggers.CreateLogger<PoolHealth>());
        _ = new OutageTracker(resolution.Pool, options.Forwarding, timeProvider, loggers.CreateLogger<OutageTracker>()); // held by the pool
        LoadBalancer balancer = CreateLoadBalancer(transport, sockets, connections, tracker);
        _log.Listening(options, limit, sockets);
        using var checking = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        Task checks = Task.WhenAll(RunChecksAsync(tracker, checking.Token), tracker.RunAsync(checking.Token), AdvanceAsync(slowStart, checking.Token));
        bool isClean = await balancer.RunAsync(stopping, aborting);
        await checking.CancelAsync();
        await checks;
        _log.Stopped();
        return isClean;
    }

    private ITransport CreateTransport()
    {
        if (host.TransportKind is TransportKind.Sockets)
            return new SocketTransport(host.Transport);
        int descriptors = (int)Math.Min(DescriptorLimit.Read() ?? int.MaxValue, int.MaxValue);
        int threads = Environment.ProcessorCount;
        if (EpollTransport.TryCreate(host.Transport, threads, descriptors, out EpollTransport? transport, out string? reason))
            return transport;
        if (host.TransportKind is TransportKind.Epoll)
            throw new StartException($"--transport epoll cannot be used: {reason}. Use --transport auto.", isConfigurationError: false);
        _log.TransportFallback(reason);
        return new SocketTransport(host.Transport);
    }

    private LoadBalancer CreateLoadBalancer(ITransport transport, ListenSockets sockets, ActiveConnections connections, PoolHealth tracker)
    {
        var connector = new AddressConnector(transport.Connector, options.Forwarding);
        var queue = new ConnectionQueue(resolution.Pool, options.Forwarding, timeProvider);
        var handler = new ConnectionHandler(connections, queue, connector, tracker, options.Forwarding, loggers.CreateLogger<ConnectionHandler>());
        IConnectionListener[] listeners = [.. sockets.Listeners.SelectMany(transport.Listen)];
        return new LoadBalancer(listeners, connections, handler, options, timeProvider, loggers.CreateLogger<LoadBalancer>());
    }

    // Probes dial on managed sockets: the threads of the fast transport have other things to do.
    private Task RunChecksAsync(PoolHealth tracker, CancellationToken stopping) =>
        new HealthChecker(
            tracker,
            new BackendProbe(options.HealthCheck, new SocketConnector(host.Transport), timeProvider),
            options.HealthCheck,
            timeProvider,
            loggers.CreateLogger<HealthChecker>()).RunAsync(stopping);

    private async Task AdvanceAsync(SlowStart? slowStart, CancellationToken stopping)
    {
        if (slowStart is null)
            return;
        using var timer = new PeriodicTimer(slowStart.Step, timeProvider);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping))
                resolution.Pool.AdvanceSlowStart();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The end of serving.
        }
    }
}
