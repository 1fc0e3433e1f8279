using LbTcp.Backends;

namespace LbTcp.Health;

/// <summary>Asks every backend in the way of its scheme.</summary>
internal sealed class SchemeProbe(IHealthProbe tcp, IHealthProbe http) : IHealthProbe
{
    public Task<ProbeResult> ProbeAsync(Backend backend, CancellationToken cancellationToken) =>
        (backend.Address.Scheme is BackendScheme.Http ? http : tcp).ProbeAsync(backend, cancellationToken);
}
