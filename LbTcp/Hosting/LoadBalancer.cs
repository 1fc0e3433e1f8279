using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Discovery;
using Microsoft.Extensions.Logging;

namespace LbTcp.Hosting;

/// <summary>
/// One service: accepts and serves clients, runs periodic work, and on request stops accepting, drains and stops. It owns and supervises
/// every loop that it starts.
/// </summary>
/// <param name="discovery">The backends, and the names that they come from.</param>
/// <param name="sockets">The listening sockets; closed by the drain.</param>
/// <param name="listeners">Accept clients; each has an accept loop of its own.</param>
/// <param name="accepting">Accepts from a listener.</param>
/// <param name="drain">Waits for open connections to end.</param>
/// <param name="tickers">The periodic work: time limits, health checks, health decisions, names, slow start.</param>
/// <param name="timeProvider">The clock of the tickers.</param>
/// <param name="logger">Receives the failure of a loop.</param>
internal sealed class LoadBalancer(
    BackendDiscovery discovery,
    IDisposable sockets,
    IReadOnlyList<IConnectionListener> listeners,
    AcceptLoop accepting,
    ConnectionDrain drain,
    IReadOnlyList<Ticker> tickers,
    TimeProvider timeProvider,
    ILogger<LoadBalancer> logger) : IDisposable
{
    private readonly LoopSupervisor _acceptLoops = new(logger);
    private readonly LoopSupervisor _tickers = new(logger);
    private readonly CancellationTokenSource _stopAccepting = new();
    private readonly CancellationTokenSource _abortAccepting = new();
    private readonly CancellationTokenSource _stopTicking = new();

    /// <summary>
    /// Completes when the service has failed, which is logged. The service continues as far as it can until it is drained and stopped.
    /// </summary>
    public Task Failed => Task.WhenAny(_acceptLoops.Failed, _tickers.Failed);

    /// <summary>Whether the service has failed.</summary>
    public bool HasFailed => _acceptLoops.Failed.IsCompleted || _tickers.Failed.IsCompleted;

    /// <summary>Starts all loops of the service.</summary>
    public void Start()
    {
        foreach (Ticker ticker in tickers)
            _tickers.Run(ticker.Name, stopping => ticker.RunAsync(timeProvider, stopping), _stopTicking.Token);
        foreach (IConnectionListener listener in listeners)
            _acceptLoops.Run("accept", stopping => accepting.RunAsync(listener, stopping, _abortAccepting.Token), _stopAccepting.Token);
    }

    /// <summary>
    /// Replaces the lines of the backends; health checks, the queue and the algorithm follow. A new name is asked for at once; its
    /// backends are added when it has an answer.
    /// </summary>
    /// <returns>What was added, removed and changed.</returns>
    /// <exception cref="ArgumentException">Two backends have the same host and port; nothing was changed.</exception>
    public PoolChange Apply(IReadOnlyList<BackendOptions> backends) => discovery.Apply(backends);

    /// <summary>
    /// Stops accepting, closes the listening sockets, and waits for open connections to end until the drain timeout has passed or
    /// <paramref name="aborting"/> fires.
    /// </summary>
    public async Task DrainAsync(CancellationToken aborting)
    {
        using CancellationTokenRegistration registration = aborting.UnsafeRegister(
            static source => ((CancellationTokenSource)source!).Cancel(), _abortAccepting);
        await _stopAccepting.CancelAsync();
        await _acceptLoops.WhenEndedAsync();
        foreach (IConnectionListener listener in listeners)
            listener.Dispose();
        sockets.Dispose();
        await drain.RunAsync(aborting);
    }

    /// <summary>Stops the periodic work. Must be called after the drain.</summary>
    public async Task StopAsync()
    {
        await _stopTicking.CancelAsync();
        await _tickers.WhenEndedAsync();
        await Task.WhenAll(tickers.Select(ticker => ticker.FinishAsync()));
    }

    /// <summary>Closes the listening sockets and stops all loops of a service that was not drained and stopped, without waiting.</summary>
    public void Dispose()
    {
        _stopAccepting.Cancel();
        _stopTicking.Cancel();
        foreach (IConnectionListener listener in listeners)
            listener.Dispose();
        sockets.Dispose();
        discovery.Dispose();
        _stopAccepting.Dispose();
        _abortAccepting.Dispose();
        _stopTicking.Dispose();
    }
}
