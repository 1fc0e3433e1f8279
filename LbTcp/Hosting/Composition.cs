using LbTcp.Backends;
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
        SlowStart? slowStart = options.SlowStart > TimeSpan.Zero ? new SlowStart(options.SlowStart, timeProvider) : null;
        resolution.Pool.Balance(Policies.Create(options.Algorithm), slowStart);
        var tracker = new PoolHealth(resolution.Pool, options.HealthCheck, options.PassiveHealth, timeProvider, loggers.CreateLogger<PoolHealth>());
        _ = new OutageTracker(resolution.Pool, options.Forwarding, timeProvider, loggers.CreateLogger<OutageTracker>()); // held by the pool
        LoadBalancer balancer = CreateLoadBalancer(transport, sockets, connections, tracker);
        _log.Listening(options, sockets);
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

    private LoadBalancer CreateLoadBalancer(ITransport transport, ListenSockets sockets, ActiveConnections connections, PoolHealth tracker)
    {
        var connector = new AddressConnector(transport.Connector, options.Forwarding);
        var queue = new ConnectionQueue(resolution.Pool, options.Forwarding, timeProvider);
        var handler = new ConnectionHandler(connections, queue, connector, tracker, options.Forwarding, loggers.CreateLogger<ConnectionHandler>());
        IConnectionListener[] listeners = [.. sockets.All.SelectMany(transport.Listen)];
        return new LoadBalancer(sockets.All, listeners, connections, handler, options.LoadBalancer, timeProvider, loggers.CreateLogger<LoadBalancer>());
    }

    // Probes dial on managed sockets: the threads of the fast transport have other things to do.
    private Task RunChecksAsync(PoolHealth tracker, CancellationToken stopping) =>
        new HealthChecker(
            tracker,
            new BackendProbe(options.HealthCheck, new SocketConnector(options.Transport), timeProvider),
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
