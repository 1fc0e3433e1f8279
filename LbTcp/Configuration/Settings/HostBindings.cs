using System.Net;

namespace LbTcp.Configuration.Settings;

/// <summary>Where <see cref="HostOptions"/> hold each setting of the process, in the order of the help page.</summary>
internal static class HostBindings
{
    /// <summary>Limits and sockets.</summary>
    public static IReadOnlyList<SettingBinding<HostOptions>> Process { get; } =
    [
        Of(HostSettings.MaxConnections, options => options.MaxConnections, (options, value) => options with { MaxConnections = value }),
        Of(
            HostSettings.KeepAlive, options => options.Transport.KeepAlive,
            (options, value) => options with { Transport = options.Transport with { KeepAlive = value } }),
        Of(HostSettings.DeadPeerTimeout, options => options.Transport.DeadPeerTimeout, WithDeadPeerTimeout),
        Of(HostSettings.Transport, options => options.TransportKind, (options, value) => options with { TransportKind = value }),
    ];

    /// <summary>Look-ups of names.</summary>
    public static IReadOnlyList<SettingBinding<HostOptions>> Names { get; } =
    [
        new ListBinding<HostOptions, IPEndPoint>(
            HostSettings.DnsServer, options => options.Discovery.DnsServers,
            (options, value) => options with { Discovery = options.Discovery with { DnsServers = value } }),
        Of(
            HostSettings.DnsMin, options => options.Discovery.DnsMin,
            (options, value) => options with { Discovery = options.Discovery with { DnsMin = value } }),
        Of(
            HostSettings.DnsMax, options => options.Discovery.DnsMax,
            (options, value) => options with { Discovery = options.Discovery with { DnsMax = value } }),
    ];

    /// <summary>Logs and metrics.</summary>
    public static IReadOnlyList<SettingBinding<HostOptions>> Logs { get; } =
    [
        Of(HostSettings.LogLevel, options => options.LogLevel, (options, value) => options with { LogLevel = value }),
        Of(HostSettings.LogFormat, options => options.LogFormat, (options, value) => options with { LogFormat = value }),
        Of(HostSettings.LogFile, options => options.LogFile, (options, value) => options with { LogFile = value }),
        Of(HostSettings.OtlpEndpoint, options => options.OtlpEndpoint, (options, value) => options with { OtlpEndpoint = value }),
    ];

    /// <summary>The admin endpoint.</summary>
    public static IReadOnlyList<SettingBinding<HostOptions>> Admin { get; } =
    [
        Of(HostSettings.Admin, options => options.Admin, (options, value) => options with { Admin = value }),
        Of(HostSettings.AdminTokenFile, options => options.AdminTokenFile, (options, value) => options with { AdminTokenFile = value }),
    ];

    /// <summary>All bindings.</summary>
    public static IReadOnlyList<SettingBinding<HostOptions>> All { get; } = [.. Process, .. Names, .. Admin, .. Logs];

    private static SettingBinding<HostOptions> Of<T>(
        Setting<T> setting, Func<HostOptions, T> get, Func<HostOptions, T, HostOptions> set) =>
        new SettingBinding<HostOptions, T>(setting, get, set);

    // The transport spreads the keepalive probes over it, the services end connections after it.
    private static HostOptions WithDeadPeerTimeout(HostOptions options, TimeSpan value) => options with
    {
        Transport = options.Transport with { DeadPeerTimeout = value },
        Services = [.. options.Services.Select(
            service => service with { Forwarding = service.Forwarding with { DeadPeerTimeout = value } })],
    };
}
