using LbTcp.Configuration.Settings;

namespace LbTcp.Discovery;

/// <summary>Converts the priorities and weights of SRV records (RFC 2782) to those of backends.</summary>
internal static class ServiceTargets
{
    /// <summary>
    /// Returns each target with its weight as a backend, and whether it is a backup: every target whose priority is not the lowest number.
    /// </summary>
    public static IEnumerable<(ServiceTarget Target, int Weight, bool IsBackup)> Convert(IReadOnlyList<ServiceTarget> targets)
    {
        int first = targets.Count == 0 ? 0 : targets.Min(target => target.Priority);
        return targets
            .GroupBy(target => target.Priority == first)
            .SelectMany(tier => Weigh([.. tier]).Select(weighed => (weighed.Target, weighed.Weight, IsBackup: !tier.Key)))
            .OrderBy(converted => converted.IsBackup);
    }

    // Weights up to 256 are taken as they are. Larger ones are scaled down. So are all if one of them is 0, which "should have a very small
    // chance of being selected": the largest is then 256, and 0 becomes 1. If all are 0, they are equal.
    private static IEnumerable<(ServiceTarget Target, int Weight)> Weigh(ServiceTarget[] targets)
    {
        int largest = targets.Max(target => target.Weight);
        bool isScaled = largest > BackendSettings.MaxWeight || (largest > 0 && targets.Any(target => target.Weight == 0));
        double factor = isScaled ? (double)BackendSettings.MaxWeight / largest : 1;
        return targets.Select(target => (target, Math.Max(1, (int)Math.Round(target.Weight * factor))));
    }
}
