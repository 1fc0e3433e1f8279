using LbTcp.Backends;

namespace LbTcp.Health;

/// <summary>Checks once whether a backend works.</summary>
internal interface IHealthProbe
{
    /// <summary>
    /// Probes <paramref name="backend"/>. A failure is a result, not an exception; only <paramref name="cancellationToken"/>, which ends
    /// all probing, throws <see cref="OperationCanceledException"/>. The probe applies a timeout of its own, and completes as soon as the
    /// result is known, even if the connection is still to be closed.
    /// </summary>
    Task<ProbeResult> ProbeAsync(Backend backend, CancellationToken cancellationToken);
}
