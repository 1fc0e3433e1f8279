using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Discovery;

namespace LbTcp.Health;

/// <summary>Asks every backend in its own way.</summary>
/// <param name="options">The ways, for backends that do not say another one.</param>
/// <param name="connector">Dials for the probes; not the one of the relay, whose threads have other things to do.</param>
/// <param name="timeProvider">The clock of the timeout.</param>
internal sealed class BackendProbe(HealthCheckOptions options, HostConnector connector, TimeProvider timeProvider) : IHealthProbe
{
    private readonly TcpProbe _tcp = new(connector, options, timeProvider);
    private readonly HttpProbe _http = new(connector, options, timeProvider);

    public Task<ProbeResult> ProbeAsync(Backend backend, CancellationToken cancellationToken) => options.KindFor(backend.Options) switch
    {
        CheckKind.Tcp => _tcp.ProbeAsync(backend, cancellationToken),
        CheckKind.Http => _http.ProbeAsync(backend, cancellationToken),
        _ => throw new ArgumentException($"{backend.Name} is not to be checked.", nameof(backend)),
    };
}
