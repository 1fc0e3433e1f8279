using System.Net;
using System.Text.RegularExpressions;

namespace LbTcp.Configuration.Settings;

/// <summary>The settings of one backend, <see cref="BackendOptions"/>.</summary>
internal static partial class BackendSettings
{
    /// <summary>The greatest weight; HAProxy's.</summary>
    public const int MaxWeight = 256;

    private const string AsAll = "as for all backends";
    private const string NameRange = "a name of 1 to 64 letters, digits, dots, dashes and underscores";

    /// <summary>The name in logs.</summary>
    public static Setting<string?> Name { get; } = new(
        "name",
        new OptionalTextForm(
            new TextForm("NAME", NameRange, name => NamePattern().IsMatch(name) ? null : $"{Quoted.Text(name)} is not {NameRange}."),
            "host:port"),
        null,
        "name in logs")
    { Example = "web1" };

    /// <summary>The weight.</summary>
    public static Setting<int> Weight { get; } = new(
        "weight", new WholeNumberForm(0, MaxWeight, "prevents new connections"), 1,
        "share of new connections in relation to the weights of the other backends; at most 256")
    { Example = "3" };

    /// <summary>Whether it is a backup.</summary>
    public static Setting<bool> Backup { get; } = new("backup", Switch.Form, false, "used only while no other backend is available")
    {
        Example = "on",
    };

    /// <summary>The limit of connections to the backend.</summary>
    public static Setting<int?> MaxConnections { get; } = new(
        "max_connections", new OptionalForm<int>(new WholeNumberForm(1, int.MaxValue), "no limit"), null,
        "maximum number of concurrent connections; a backend at its limit is not selected")
    { Example = "500" };

    /// <summary>The kind of check.</summary>
    public static Setting<CheckKind?> Check { get; } = new(
        HealthCheckSettings.Kind.Name, new OptionalForm<CheckKind>(HealthCheckSettings.Kind.Form, AsAll), null, "kind of health check")
    {
        Example = "tcp",
    };

    /// <summary>The path of an HTTP check.</summary>
    public static Setting<string?> HealthPath { get; } = new(
        HealthCheckSettings.Path.Name, new OptionalTextForm(HealthCheckSettings.Path.Form, AsAll), null, "path requested by HTTP checks")
    {
        Example = "/ready",
    };

    /// <summary>The bytes that a check sends.</summary>
    public static Setting<EscapedBytes?> CheckSend { get; } = new(
        HealthCheckSettings.Send.Name, new OptionalClassForm<EscapedBytes>(HealthCheckSettings.BytesForm, AsAll), null,
        "bytes that a check sends")
    { Example = @"PING\r\n" };

    /// <summary>The bytes that the answer must contain.</summary>
    public static Setting<EscapedBytes?> CheckExpect { get; } = new(
        HealthCheckSettings.Expect.Name, new OptionalClassForm<EscapedBytes>(HealthCheckSettings.BytesForm, AsAll), null,
        "bytes that the answer to a check must contain")
    { Example = "+PONG" };

    /// <summary>The port that is checked.</summary>
    public static Setting<int?> CheckPort { get; } = new(
        "check_port", new OptionalForm<int>(new WholeNumberForm(1, 65535), "port of the address"), null, "port that is checked")
    {
        Example = "8008",
    };

    /// <summary>The interval between checks.</summary>
    public static Setting<TimeSpan?> CheckInterval { get; } = new(
        HealthCheckSettings.Interval.Name, new OptionalForm<TimeSpan>(HealthCheckSettings.Interval.Form, AsAll), null,
        "interval between checks")
    { Example = "5s" };

    /// <summary>The time limit of its first byte.</summary>
    public static Setting<TimeSpan?> FirstByteTimeout { get; } = new(
        ForwardingSettings.FirstByteTimeout.Name, new OptionalForm<TimeSpan>(ForwardingSettings.FirstByteTimeout.Form, AsAll), null,
        "time after which a connection is reset on which it sends nothing")
    { Example = "5s" };

    /// <summary>What the addresses of its name are.</summary>
    public static Setting<ResolveKind?> Resolve { get; } = new(
        "resolve",
        new OptionalForm<ResolveKind>(
            new ChoiceForm<ResolveKind>(("all", ResolveKind.All), ("first", ResolveKind.First)), "all; first for localhost"),
        null,
        "addresses of a name: each is a backend of its own, or all are one backend of which the first that answers is used")
    {
        Example = "first",
    };

    /// <summary>The address from which it is dialled.</summary>
    public static Setting<IPAddress?> SourceAddress { get; } = new(
        SourceAddressForm.Name, new OptionalClassForm<IPAddress>(SourceAddressForm.Form, AsAll), null,
        "address of this machine from which it is dialled")
    { Example = "10.0.0.11" };

    /// <summary>The PROXY protocol header that it gets.</summary>
    public static Setting<SendProxy?> SendProxy { get; } = new(
        PrefaceSettings.SendProxy.Name, new OptionalForm<SendProxy>(PrefaceSettings.SendProxy.Form, AsAll), null,
        "header of the PROXY protocol that it gets before any byte of the client")
    { Example = "v2" };

    /// <summary>The server names of the clients that it serves.</summary>
    public static Setting<ServerNames?> ServerName { get; } = new(
        "server_name",
        new OptionalClassForm<ServerNames>(
            new ParsedForm<ServerNames>(
                "NAME", "a host name, *.domain, or several joined by /", ServerNames.TryParse, names => names.ToString()),
            "all that no other backend has"),
        null,
        "server names (SNI) of the clients that it serves, as in a TLS ClientHello; without any, it serves the others")
    { Example = "example.org/*.example.org" };

    /// <summary>Whether connections to it are encrypted.</summary>
    public static Setting<BackendTls?> Tls { get; } = new(
        "tls",
        new OptionalForm<BackendTls>(
            new ChoiceForm<BackendTls>(("off", BackendTls.Off), ("on", BackendTls.On), ("verify", BackendTls.Verify)), "off"),
        null,
        "whether connections to it are encrypted; verify demands a certificate that is valid for its name")
    { Example = "verify" };

    /// <summary>The authorities that its certificate must come from.</summary>
    public static Setting<string?> TlsCa { get; } = new(
        "tls_ca", FileForm.Optional("as the system trusts"), null,
        "file in PEM format with the authorities that may have issued its certificate")
    { Example = "/etc/lbtcp/backends-ca.pem" };

    /// <summary>The name in its certificate.</summary>
    public static Setting<string?> TlsName { get; } = new(
        "tls_name",
        new OptionalTextForm(
            new TextForm(
                "NAME", "a host name",
                name => Hosts.TryParseName(name, out _, out _) ? null : $"{Quoted.Text(name)} is not a host name."),
            "host of the address"),
        null,
        "name that is sent to it (SNI) and that its certificate must have")
    { Example = "web.example.org" };

    /// <summary>The certificate that it gets.</summary>
    public static Setting<string?> TlsCertificate { get; } = new(
        "tls_cert", FileForm.Optional("none"), null,
        "file in PEM format with the certificate, and unless tls_key is given the key, presented to it")
    { Example = "/etc/lbtcp/lbtcp.pem" };

    /// <summary>The key of the certificate that it gets.</summary>
    public static Setting<string?> TlsKey { get; } = new(
        "tls_key", FileForm.Optional("in the file of the certificate"), null, "file in PEM format with the key of tls_cert")
    { Example = "/etc/lbtcp/lbtcp.key" };

    /// <summary>All settings, in the order in which they are shown.</summary>
    public static IReadOnlyList<Setting> All =>
    [
        Name, Weight, Backup, MaxConnections, Check, HealthPath, CheckSend, CheckExpect, CheckPort, CheckInterval, FirstByteTimeout,
        Resolve, SourceAddress, SendProxy, ServerName, Tls, TlsCa, TlsName, TlsCertificate, TlsKey,
    ];

    // No colon: a name cannot be taken for an address.
    [GeneratedRegex(@"^[A-Za-z0-9._-]{1,64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();
}
