namespace LbTcp.Configuration.Settings;

/// <summary>A setting with its value as text.</summary>
/// <param name="Name">The name of the setting, in snake_case.</param>
/// <param name="Text">The value as it would be written, or what applies without one.</param>
internal readonly record struct SettingValue(string Name, string Text)
{
    /// <summary>Formats a value of <paramref name="setting"/>.</summary>
    public static SettingValue Of<T>(Setting<T> setting, T value) => new(setting.Name, setting.Form.Format(value));

    /// <summary>The settings of the process, in the order of the help page.</summary>
    public static IReadOnlyList<SettingValue> Of(HostOptions options) =>
    [
        Of(HostSettings.MaxConnections, options.MaxConnections),
        Of(HostSettings.KeepAlive, options.Transport.KeepAlive),
        Of(HostSettings.DeadPeerTimeout, options.Transport.DeadPeerTimeout),
        Of(HostSettings.Transport, options.TransportKind),
        Of(HostSettings.LogLevel, options.LogLevel),
        Of(HostSettings.LogFormat, options.LogFormat),
    ];

    /// <summary>The settings of a service other than its listen addresses and backends, in the order of the help page.</summary>
    public static IReadOnlyList<SettingValue> Of(ServiceOptions options) =>
    [
        Of(ServiceSettings.Algorithm, options.Algorithm),
        Of(ServiceSettings.SlowStartTime, options.SlowStartTime),
        Of(ServiceSettings.DrainTimeout, options.DrainTimeout),
        Of(ServiceSettings.MaxConnections, options.MaxConnections),
        .. Of(options.HealthCheck), .. Of(options.PassiveHealth), .. Of(options.Forwarding),
    ];

    /// <summary>Returns the settings that differ between two lists of the same settings.</summary>
    public static IReadOnlyList<SettingChange> Difference(IEnumerable<SettingValue> before, IEnumerable<SettingValue> after) =>
    [
        .. before.Zip(after)
            .Where(pair => pair.First.Text != pair.Second.Text)
            .Select(pair => new SettingChange(pair.First.Name, pair.First.Text, pair.Second.Text)),
    ];

    private static SettingValue[] Of(HealthCheckOptions options) =>
    [
        Of(HealthCheckSettings.Kind, options.Kind),
        Of(HealthCheckSettings.Path, options.Path),
        Of(HealthCheckSettings.Interval, options.Interval),
        Of(HealthCheckSettings.Timeout, options.Timeout),
        Of(HealthCheckSettings.Rise, options.Rise),
        Of(HealthCheckSettings.Fall, options.Fall),
    ];

    private static SettingValue[] Of(PassiveHealthOptions options) =>
    [
        Of(PassiveHealthSettings.Fall, options.Fall),
        Of(PassiveHealthSettings.EjectionTime, options.EjectionTime),
        Of(PassiveHealthSettings.MaxEjectionTime, options.MaxEjectionTime),
    ];

    private static SettingValue[] Of(ForwardingOptions options) =>
    [
        Of(ForwardingSettings.ConnectTimeout, options.ConnectTimeout),
        Of(ForwardingSettings.Retries, options.Retries),
        Of(ForwardingSettings.QueueTimeout, options.QueueTimeout),
        Of(ForwardingSettings.MaxQueue, options.MaxQueue),
        Of(ForwardingSettings.WhenAllDown, options.WhenAllDown),
        Of(ForwardingSettings.OnDown, options.OnDown),
        Of(ForwardingSettings.OnRemoved, options.OnRemoved),
        Of(ForwardingSettings.CloseSpread, options.CloseSpread),
        Of(ForwardingSettings.IdleTimeout, options.IdleTimeout),
        Of(ForwardingSettings.HalfCloseTimeout, options.HalfCloseTimeout),
        Of(ForwardingSettings.AccessLog, options.AccessLog),
    ];
}
