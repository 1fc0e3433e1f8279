namespace LbTcp.Configuration.Settings;

/// <summary>
/// Where <see cref="ServiceOptions"/> hold the settings of who is admitted and of what comes before the bytes, in the order of the
/// help page.
/// </summary>
internal static class AccessBindings
{
    /// <summary>Access rules and limits per source.</summary>
    public static IReadOnlyList<SettingBinding<ServiceOptions>> Admission { get; } =
    [
        Networks(AdmissionSettings.Allow, options => options.Allow, (options, value) => options with { Allow = value }),
        Networks(AdmissionSettings.Deny, options => options.Deny, (options, value) => options with { Deny = value }),
        Admit(AdmissionSettings.AccessFile, options => options.AccessFile, (options, value) => options with { AccessFile = value }),
        Admit(
            AdmissionSettings.MaxConnectionsPerSource, options => options.MaxConnectionsPerSource,
            (options, value) => options with { MaxConnectionsPerSource = value }),
        Admit(
            AdmissionSettings.ConnectionRatePerSource, options => options.ConnectionRatePerSource,
            (options, value) => options with { ConnectionRatePerSource = value }),
        Admit(
            AdmissionSettings.ConnectionBurstPerSource, options => options.ConnectionBurstPerSource,
            (options, value) => options with { ConnectionBurstPerSource = value }),
        Admit(
            AdmissionSettings.ConnectionRate, options => options.ConnectionRate,
            (options, value) => options with { ConnectionRate = value }),
        Admit(
            AdmissionSettings.ConnectionBurst, options => options.ConnectionBurst,
            (options, value) => options with { ConnectionBurst = value }),
        Admit(
            AdmissionSettings.SourcePrefixIPv6, options => options.SourcePrefixIPv6,
            (options, value) => options with { SourcePrefixIPv6 = value }),
        Admit(AdmissionSettings.OverLimit, options => options.OverLimit, (options, value) => options with { OverLimit = value }),
    ];

    /// <summary>The PROXY protocol.</summary>
    public static IReadOnlyList<SettingBinding<ServiceOptions>> Proxy { get; } =
    [
        new NestedBinding<ServiceOptions, PrefaceOptions>(
            new ListBinding<PrefaceOptions, Network>(
                PrefaceSettings.AcceptProxy, options => options.AcceptProxy, (options, value) => options with { AcceptProxy = value }),
            options => options.Preface,
            (options, part) => options with { Preface = part }),
        Preface(PrefaceSettings.SendProxy, options => options.SendProxy, (options, value) => options with { SendProxy = value }),
        Preface(
            PrefaceSettings.ProxyUniqueId, options => options.ProxyUniqueId,
            (options, value) => options with { ProxyUniqueId = value }),
        Preface(
            PrefaceSettings.PrefaceTimeout, options => options.PrefaceTimeout,
            (options, value) => options with { PrefaceTimeout = value }),
    ];

    /// <summary>TLS between clients and this program.</summary>
    public static IReadOnlyList<SettingBinding<ServiceOptions>> Tls { get; } =
    [
        Texts(
            TlsSettings.Certificates, options => options.CertificateFiles, (options, value) => options with { CertificateFiles = value }),
        Texts(TlsSettings.Keys, options => options.KeyFiles, (options, value) => options with { KeyFiles = value }),
        Texts(TlsSettings.Alpn, options => options.Alpn, (options, value) => options with { Alpn = value }),
        OfTls(TlsSettings.MinVersion, options => options.MinVersion, (options, value) => options with { MinVersion = value }),
        OfTls(TlsSettings.VerifyClient, options => options.VerifyClient, (options, value) => options with { VerifyClient = value }),
        OfTls(TlsSettings.ClientCa, options => options.ClientCaFile, (options, value) => options with { ClientCaFile = value }),
        OfTls(
            TlsSettings.HandshakeTimeout, options => options.HandshakeTimeout,
            (options, value) => options with { HandshakeTimeout = value }),
        OfTls(TlsSettings.MaxHandshakes, options => options.MaxHandshakes, (options, value) => options with { MaxHandshakes = value }),
    ];

    private static SettingBinding<ServiceOptions> Admit<T>(
        Setting<T> setting, Func<AdmissionOptions, T> get, Func<AdmissionOptions, T, AdmissionOptions> set) =>
        Nested(new SettingBinding<AdmissionOptions, T>(setting, get, set));

    private static SettingBinding<ServiceOptions> Networks(
        ListSetting<Network> setting,
        Func<AdmissionOptions, IReadOnlyList<Network>> get,
        Func<AdmissionOptions, IReadOnlyList<Network>, AdmissionOptions> set) =>
        Nested(new ListBinding<AdmissionOptions, Network>(setting, get, set));

    private static NestedBinding<ServiceOptions, AdmissionOptions> Nested(SettingBinding<AdmissionOptions> binding) =>
        new(binding, options => options.Admission, (options, part) => options with { Admission = part });

    private static SettingBinding<ServiceOptions> Preface<T>(
        Setting<T> setting, Func<PrefaceOptions, T> get, Func<PrefaceOptions, T, PrefaceOptions> set) =>
        new NestedBinding<ServiceOptions, PrefaceOptions>(
            new SettingBinding<PrefaceOptions, T>(setting, get, set),
            options => options.Preface,
            (options, part) => options with { Preface = part });

    private static SettingBinding<ServiceOptions> OfTls<T>(
        Setting<T> setting, Func<TlsOptions, T> get, Func<TlsOptions, T, TlsOptions> set) =>
        Nested(new SettingBinding<TlsOptions, T>(setting, get, set));

    private static SettingBinding<ServiceOptions> Texts(
        ListSetting<string> setting,
        Func<TlsOptions, IReadOnlyList<string>> get,
        Func<TlsOptions, IReadOnlyList<string>, TlsOptions> set) =>
        Nested(new ListBinding<TlsOptions, string>(setting, get, set));

    private static NestedBinding<ServiceOptions, TlsOptions> Nested(SettingBinding<TlsOptions> binding) =>
        new(binding, options => options.Tls, (options, part) => options with { Tls = part });
}
