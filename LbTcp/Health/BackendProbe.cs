using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Discovery;

namespace LbTcp.Health;

/// <summary>Probes a backend by TCP or HTTP, according to its kind of check.</summary>
/// <param name="options">The check settings, which a backend may override.</param>
/// <param name="connector">Dials backends for the probes.</param>
/// <param name="hangUps">Closes the connections of HTTP probes that have their answer.</param>
/// <param name="timeProvider">The clock of the timeout.</param>
internal sealed class BackendProbe(
    CurrentOptions<HealthCheckOptions> options, HostConnector connector, HangUpList hangUps, TimeProvider timeProvider) : IHealthProbe
{
    private readonly TcpProbe _tcp = new(connector, timeProvider);
    private readonly HttpProbe _http = new(connector, hangUps, options, timeProvider);

    public Task<ProbeResult> ProbeAsync(Backend backend, TimeSpan limit, CancellationToken cancellationToken)
    {
        CheckKind kind = options.Value.KindFor(backend.Options);
        return kind switch
        {
            CheckKind.Tcp => _tcp.ProbeAsync(backend, limit, cancellationToken),
            CheckKind.Http => _http.ProbeAsync(backend, limit, cancellationToken),
            _ => throw new ArgumentException($"{backend.Name} is not checked.", nameof(backend)),
        };
    }
}
