using System.Net;

namespace LbTcp.Configuration.Settings;

/// <summary>
/// Where <see cref="ServiceOptions"/> hold each setting of a service, in the order of the help page. Listen addresses and backends are
/// lists with rules of their own and are not among them.
/// </summary>
internal static class ServiceBindings
{
    /// <summary>Selection among the backends.</summary>
    public static IReadOnlyList<SettingBinding<ServiceOptions>> Balancing { get; } =
    [
        Service(ServiceSettings.Algorithm, options => options.Algorithm, (options, value) => options with { Algorithm = value }),
        Service(
            ServiceSettings.SlowStartTime, options => options.SlowStartTime,
            (options, value) => options with { SlowStartTime = value }),
        new ListBinding<ServiceOptions, IPAddress>(
            ServiceSettings.SourceAddress, options => options.SourceAddresses,
            (options, value) => options with { SourceAddresses = value }),
    ];

    /// <summary>Health checks.</summary>
    public static IReadOnlyList<SettingBinding<ServiceOptions>> HealthChecks { get; } =
    [
        Check(HealthCheckSettings.Kind, options => options.Kind, (options, value) => options with { Kind = value }),
        Check(HealthCheckSettings.Path, options => options.Path, (options, value) => options with { Path = value }),
        Check(HealthCheckSettings.Send, options => options.Send, (options, value) => options with { Send = value }),
        Check(HealthCheckSettings.Expect, options => options.Expect, (options, value) => options with { Expect = value }),
        Check(HealthCheckSettings.Interval, options => options.Interval, (options, value) => options with { Interval = value }),
        Check(HealthCheckSettings.Timeout, options => options.Timeout, (options, value) => options with { Timeout = value }),
        Check(HealthCheckSettings.Rise, options => options.Rise, (options, value) => options with { Rise = value }),
        Check(HealthCheckSettings.Fall, options => options.Fall, (options, value) => options with { Fall = value }),
    ];

    /// <summary>Ejections by failed connections.</summary>
    public static IReadOnlyList<SettingBinding<ServiceOptions>> PassiveHealth { get; } =
    [
        Passive(PassiveHealthSettings.Fall, options => options.Fall, (options, value) => options with { Fall = value }),
        Passive(
            PassiveHealthSettings.EjectionTime, options => options.EjectionTime,
            (options, value) => options with { EjectionTime = value }),
        Passive(
            PassiveHealthSettings.MaxEjectionTime, options => options.MaxEjectionTime,
            (options, value) => options with { MaxEjectionTime = value }),
    ];

    /// <summary>Connections of clients.</summary>
    public static IReadOnlyList<SettingBinding<ServiceOptions>> Connections { get; } =
    [
        Forward(
            ForwardingSettings.ConnectTimeout, options => options.ConnectTimeout,
            (options, value) => options with { ConnectTimeout = value }),
        Forward(ForwardingSettings.Retries, options => options.Retries, (options, value) => options with { Retries = value }),
        Forward(ForwardingSettings.HedgeAfter, options => options.HedgeAfter, (options, value) => options with { HedgeAfter = value }),
        Forward(
            ForwardingSettings.QueueTimeout, options => options.QueueTimeout,
            (options, value) => options with { QueueTimeout = value }),
        Forward(ForwardingSettings.MaxQueue, options => options.MaxQueue, (options, value) => options with { MaxQueue = value }),
        Forward(ForwardingSettings.WhenAllDown, options => options.WhenAllDown, (options, value) => options with { WhenAllDown = value }),
        Forward(ForwardingSettings.OnDown, options => options.OnDown, (options, value) => options with { OnDown = value }),
        Forward(ForwardingSettings.OnRemoved, options => options.OnRemoved, (options, value) => options with { OnRemoved = value }),
        Forward(ForwardingSettings.CloseSpread, options => options.CloseSpread, (options, value) => options with { CloseSpread = value }),
        Forward(ForwardingSettings.IdleTimeout, options => options.IdleTimeout, (options, value) => options with { IdleTimeout = value }),
        Service(
            ForwardingSettings.FirstByteTimeout, options => options.Forwarding.FirstByteTimeout,
            (options, value) => options with
            {
                Forwarding = options.Forwarding with { FirstByteTimeout = value },
                HealthCheck = options.HealthCheck with { FirstByteTimeout = value },
            }),
        Forward(
            ForwardingSettings.HalfCloseTimeout, options => options.HalfCloseTimeout,
            (options, value) => options with { HalfCloseTimeout = value }),
        Forward(ForwardingSettings.MinRate, options => options.MinRate, (options, value) => options with { MinRate = value }),
        Service(ServiceSettings.DrainTimeout, options => options.DrainTimeout, (options, value) => options with { DrainTimeout = value }),
        Forward(
            ForwardingSettings.Reconnectable, options => options.Reconnectable,
            (options, value) => options with { Reconnectable = value }),
        Forward(ForwardingSettings.AccessLog, options => options.AccessLog, (options, value) => options with { AccessLog = value }),
    ];

    /// <summary>Settings without a flag: they make sense only where there are several services.</summary>
    public static IReadOnlyList<SettingBinding<ServiceOptions>> FileOnly { get; } =
    [
        Service(
            ServiceSettings.MaxConnections, options => options.MaxConnections,
            (options, value) => options with { MaxConnections = value }),
    ];

    /// <summary>All bindings.</summary>
    public static IReadOnlyList<SettingBinding<ServiceOptions>> All { get; } =
    [
        .. Balancing, .. HealthChecks, .. PassiveHealth, .. Connections, .. AccessBindings.Admission, .. AccessBindings.Proxy,
        .. AccessBindings.Tls, .. FileOnly,
    ];

    private static SettingBinding<ServiceOptions> Service<T>(
        Setting<T> setting, Func<ServiceOptions, T> get, Func<ServiceOptions, T, ServiceOptions> set) =>
        new SettingBinding<ServiceOptions, T>(setting, get, set);

    private static SettingBinding<ServiceOptions> Check<T>(
        Setting<T> setting, Func<HealthCheckOptions, T> get, Func<HealthCheckOptions, T, HealthCheckOptions> set) =>
        new NestedBinding<ServiceOptions, HealthCheckOptions>(
            new SettingBinding<HealthCheckOptions, T>(setting, get, set),
            options => options.HealthCheck,
            (options, part) => options with { HealthCheck = part });

    private static SettingBinding<ServiceOptions> Passive<T>(
        Setting<T> setting, Func<PassiveHealthOptions, T> get, Func<PassiveHealthOptions, T, PassiveHealthOptions> set) =>
        new NestedBinding<ServiceOptions, PassiveHealthOptions>(
            new SettingBinding<PassiveHealthOptions, T>(setting, get, set),
            options => options.PassiveHealth,
            (options, part) => options with { PassiveHealth = part });

    private static SettingBinding<ServiceOptions> Forward<T>(
        Setting<T> setting, Func<ForwardingOptions, T> get, Func<ForwardingOptions, T, ForwardingOptions> set) =>
        new NestedBinding<ServiceOptions, ForwardingOptions>(
            new SettingBinding<ForwardingOptions, T>(setting, get, set),
            options => options.Forwarding,
            (options, part) => options with { Forwarding = part });
}
