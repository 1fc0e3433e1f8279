namespace LbTcp.Configuration.Settings;

/// <summary>
/// Every setting of the process and of a service that has a flag and an environment variable. <see cref="BackendSettings"/> are written
/// with the backend instead, and <see cref="ServiceBindings.FileOnly"/> in a configuration file only.
/// </summary>
internal static class Catalogue
{
    /// <summary>The settings, in the groups and the order of the help page.</summary>
    public static IReadOnlyList<SettingGroup> Groups { get; } =
    [
        new("Clients and backends",
        [
            ServiceSettings.ConfigurationFile, ServiceSettings.Listen, ServiceSettings.Backends, ServiceSettings.BackendsFile,
            .. SettingsOf(ServiceBindings.Balancing),
        ]),
        new("Health checks", SettingsOf(ServiceBindings.HealthChecks)),
        new("Passive health checks", SettingsOf(ServiceBindings.PassiveHealth)),
        new("Connections", SettingsOf(ServiceBindings.Connections)),
        new("Access and limits per client", SettingsOf(AccessBindings.Admission)),
        new("PROXY protocol", SettingsOf(AccessBindings.Proxy)),
        new("TLS with clients", SettingsOf(AccessBindings.Tls)),
        new("Process", SettingsOf(HostBindings.Process)),
        new("Names", SettingsOf(HostBindings.Names)),
        new("Admin endpoint", SettingsOf(HostBindings.Admin)),
        new("Logs and metrics", SettingsOf(HostBindings.Logs)),
    ];

    /// <summary>The settings, group by group.</summary>
    public static IReadOnlyList<Setting> All { get; } = [.. Groups.SelectMany(group => group.Settings)];

    private static IReadOnlyList<Setting> SettingsOf<TOptions>(IEnumerable<SettingBinding<TOptions>> bindings)
        where TOptions : class => [.. bindings.Select(binding => binding.Setting)];
}
