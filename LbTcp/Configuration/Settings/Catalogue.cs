namespace LbTcp.Configuration.Settings;

/// <summary>
/// Every setting of the program and of a service; each has a flag. <see cref="BackendSettings"/> are written with the backend instead.
/// </summary>
internal static class Catalogue
{
    /// <summary>The settings, group by group.</summary>
    public static IReadOnlyList<Setting> All =>
        [.. ServiceSettings.All, .. HealthCheckSettings.All, .. PassiveHealthSettings.All, .. ForwardingSettings.All, .. HostSettings.All];
}
