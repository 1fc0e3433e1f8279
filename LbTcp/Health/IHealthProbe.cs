using LbTcp.Backends;

namespace LbTcp.Health;

/// <summary>Asks one backend, once, whether it works.</summary>
internal interface IHealthProbe
{
    /// <summary>
    /// Probes <paramref name="backend"/>. What goes wrong is a result, not an exception; only <paramref name="cancellationToken"/>, which
    /// ends probing altogether, throws <see cref="OperationCanceledException"/>. The probe keeps to its own timeout.
    /// </summary>
    Task<ProbeResult> ProbeAsync(Backend backend, CancellationToken cancellationToken);
}
