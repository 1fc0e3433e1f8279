using LbTcp.Backends;

namespace LbTcp.Health;

/// <summary>Checks once whether a backend works.</summary>
internal interface IHealthProbe
{
    /// <summary>
    /// Probes <paramref name="backend"/>. A failure is a result, not an exception; only <paramref name="cancellationToken"/>, which ends
    /// all probing, throws <see cref="OperationCanceledException"/>. The probe completes as soon as the result is known, even if the
    /// connection is still to be closed.
    /// </summary>
    /// <param name="backend">The backend.</param>
    /// <param name="limit">The time limit of the probe, which fails when it has passed.</param>
    /// <param name="cancellationToken">Ends all probing.</param>
    Task<ProbeResult> ProbeAsync(Backend backend, TimeSpan limit, CancellationToken cancellationToken);
}
