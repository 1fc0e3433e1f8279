namespace LbTcp.Hosting;

/// <summary>
/// The descriptors that are set aside for health checks: one for each backend, and as many for connections that outlast their check, up to
/// a limit, but never more than a quarter of the descriptor limit. With fewer places than backends, backends that do not answer wait for
/// each other.
/// </summary>
/// <param name="Probes">The maximum number of probes at the same time; at least 1.</param>
/// <param name="HangUps">
/// The maximum number of connections that are being closed after a check, and of those that were not answered in time and may still be;
/// at least 1. A backend seldom has one of both at the same time.
/// </param>
internal readonly record struct CheckBudget(int Probes, int HangUps)
{
    private const int MostHangUps = 128;

    /// <summary>The number of descriptors.</summary>
    public int Descriptors => Probes + HangUps;

    /// <summary>Computes the budget.</summary>
    /// <param name="descriptorLimit">The number of descriptors that the process may open; null if unknown.</param>
    /// <param name="backendCount">The number of backends of all services.</param>
    public static CheckBudget For(long? descriptorLimit, int backendCount)
    {
        long limit = descriptorLimit ?? DescriptorLimit.Assumed;
        long hangUps = Math.Clamp(Math.Min(backendCount, limit / 16), 1, MostHangUps);
        long probes = Math.Max(1, Math.Min(backendCount, (limit / 4) - hangUps));
        return new CheckBudget((int)probes, (int)hangUps);
    }
}
