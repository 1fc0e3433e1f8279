using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Discovery;
using Microsoft.Extensions.Logging;

namespace LbTcp.Hosting;

/// <summary>
/// One service: accepts and serves clients, runs periodic work, follows a reload, and on request stops accepting, drains and stops. It owns
/// and supervises every loop that it starts.
/// </summary>
/// <param name="discovery">The backends, and the names that they come from.</param>
/// <param name="options">The options, which its parts share.</param>
/// <param name="ports">The first ports; closed by the drain.</param>
/// <param name="accepting">Accepts from a port.</param>
/// <param name="drain">Waits for open connections to end.</param>
/// <param name="tickers">The periodic work: time limits, health checks, health decisions, names, slow start.</param>
/// <param name="timeProvider">The clock of the tickers.</param>
/// <param name="logger">Receives the failure of a loop.</param>
internal sealed class LoadBalancer(
    BackendDiscovery discovery,
    CurrentServiceOptions options,
    IReadOnlyList<ServicePort> ports,
    AcceptLoop accepting,
    ConnectionDrain drain,
    IReadOnlyList<Ticker> tickers,
    TimeProvider timeProvider,
    ILogger<LoadBalancer> logger) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly LoopSupervisor _acceptLoops = new(logger);
    private readonly LoopSupervisor _tickers = new(logger);
    private readonly CancellationTokenSource _stopTicking = new();
    private ServicePort[] _ports = [.. ports];
    private bool _isClosed;

    /// <summary>
    /// Completes when the service has failed, which is logged. The service continues as far as it can until it is drained and stopped.
    /// </summary>
    public Task Failed => Task.WhenAny(_acceptLoops.Failed, _tickers.Failed);

    /// <summary>Whether the service has failed.</summary>
    public bool HasFailed => _acceptLoops.Failed.IsCompleted || _tickers.Failed.IsCompleted;

    /// <summary>The ports that it accepts from. The list is immutable; a change replaces it.</summary>
    public IReadOnlyList<ServicePort> Ports => Volatile.Read(ref _ports);

    /// <summary>What an operator sees and changes; null unless there is one who may ask.</summary>
    public ServiceParts? Parts { get; init; }

    /// <summary>Its periodic work.</summary>
    public IReadOnlyList<Ticker> Tickers => tickers;

    /// <summary>Its backends.</summary>
    public IReadOnlyList<Backend> Backends => discovery.Pool.GetAllBackends();

    /// <summary>Starts all loops of the service.</summary>
    public void Start()
    {
        foreach (Ticker ticker in tickers)
            _ = _tickers.Run(ticker.Name, stopping => ticker.RunAsync(timeProvider, stopping), _stopTicking.Token);
        foreach (ServicePort port in Ports)
            port.Start(accepting, _acceptLoops);
    }

    /// <summary>
    /// Replaces the lines of the backends; health checks, the queue and the algorithm follow. A new name is asked for at once; its
    /// backends are added when it has an answer.
    /// </summary>
    /// <returns>What was added, removed and changed.</returns>
    /// <exception cref="ArgumentException">Two backends have the same host and port; nothing was changed.</exception>
    public PoolChange Apply(IReadOnlyList<BackendOptions> backends) => discovery.Apply(backends);

    /// <inheritdoc cref="BackendDiscovery.PrepareAsync"/>
    public Task PrepareAsync(IReadOnlyList<BackendOptions> lines, CancellationToken limit) => discovery.PrepareAsync(lines, limit);

    /// <inheritdoc cref="BackendDiscovery.NamesThatLeaveNone"/>
    public IReadOnlyList<string> NamesThatLeaveNone(IReadOnlyList<BackendOptions> lines) => discovery.NamesThatLeaveNone(lines);

    /// <inheritdoc cref="BackendDiscovery.Abandon"/>
    public void Abandon() => discovery.Abandon();

    /// <summary>
    /// Replaces the settings: connections, health records and slow starts continue. Listen addresses and backends are not concerned. Must
    /// be called by one thread at a time.
    /// </summary>
    public void Configure(ServiceOptions next)
    {
        options.Replace(next);
        foreach (Ticker ticker in tickers)
            ticker.Reschedule();
    }

    /// <summary>Accepts from one more port, which the service owns from now on.</summary>
    /// <returns>False if the service is stopping: the port was closed.</returns>
    public bool AddPort(ServicePort port)
    {
        lock (_gate)
        {
            if (!_isClosed)
            {
                _ports = [.. _ports, port];
                port.Start(accepting, _acceptLoops);
                return true;
            }
        }

        port.Dispose();
        return false;
    }

    /// <summary>
    /// Stops accepting from a port, which is the caller's to close or to hand over; connections continue.
    /// </summary>
    /// <param name="port">The port.</param>
    /// <param name="aborting">Leaves the clients that are in the system's queue there.</param>
    /// <returns>False if the service does not have the port, because it is stopping.</returns>
    public async Task<bool> RemovePortAsync(ServicePort port, CancellationToken aborting)
    {
        lock (_gate)
        {
            if (!_ports.Contains(port))
                return false;
            _ports = [.. _ports.Where(other => other != port)];
        }

        await port.StopAsync(aborting);
        return true;
    }

    /// <summary>
    /// Serves the clients that are in the system's queue, unless <paramref name="aborting"/> fires, and closes the ports. Connections
    /// continue. Further calls change nothing.
    /// </summary>
    public async Task CloseAsync(CancellationToken aborting)
    {
        ServicePort[] open;
        lock (_gate)
        {
            _isClosed = true;
            open = _ports;
            _ports = [];
        }

        await Task.WhenAll(open.Select(port => port.StopAsync(aborting)));
        foreach (ServicePort port in open)
            port.Dispose();
    }

    /// <summary>
    /// Closes the ports, and waits for open connections to end until the drain timeout has passed or <paramref name="aborting"/> fires.
    /// </summary>
    public async Task DrainAsync(CancellationToken aborting)
    {
        await CloseAsync(aborting);
        await _acceptLoops.WhenEndedAsync();
        await drain.RunAsync(aborting);
    }

    /// <summary>Stops the periodic work. Must be called after the drain.</summary>
    public async Task StopAsync()
    {
        await _stopTicking.CancelAsync();
        await _tickers.WhenEndedAsync();
        await Task.WhenAll(tickers.Select(ticker => ticker.FinishAsync()));
    }

    /// <summary>Closes the ports and stops all loops of a service that was not drained and stopped, without waiting.</summary>
    public void Dispose()
    {
        foreach (ServicePort port in Ports)
            port.Dispose();
        _stopTicking.Cancel();
        discovery.Dispose();
        _stopTicking.Dispose();
    }
}
