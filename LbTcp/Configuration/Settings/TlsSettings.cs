using System.Text.RegularExpressions;

namespace LbTcp.Configuration.Settings;

/// <summary>The settings of <see cref="TlsOptions"/>.</summary>
internal static partial class TlsSettings
{
    private const string ProtocolRange = "a protocol name such as h2, 1 to 255 visible ASCII characters without commas";

    /// <summary>The files with certificates.</summary>
    public static ListSetting<string> Certificates { get; } = new(
        "tls_cert", FileForm.Required, [],
        "file in PEM format with a certificate and its chain; terminates TLS; the certificate is selected by the server name; repeatable",
        file => [file], "TLS is passed through")
    { Example = "/etc/lbtcp/example.pem" };

    /// <summary>The files with keys.</summary>
    public static ListSetting<string> Keys { get; } = new(
        "tls_key", FileForm.Required, [],
        "file in PEM format with the key of each --tls-cert, in the same order; repeatable", file => [file],
        "in the file of the certificate")
    { Example = "/etc/lbtcp/example.key" };

    /// <summary>The application protocols.</summary>
    public static ListSetting<string> Alpn { get; } = new(
        "tls_alpn",
        new TextForm(
            "PROTOCOL", ProtocolRange, name => ProtocolPattern().IsMatch(name) ? null : $"{Quoted.Text(name)} is not {ProtocolRange}."),
        [], "application protocol that may be negotiated, the preferred one first; repeatable", name => [name], "none")
    { Example = "h2" };

    /// <summary>The lowest version.</summary>
    public static Setting<TlsVersion> MinVersion { get; } = new(
        "tls_min_version", new ChoiceForm<TlsVersion>(("1.2", TlsVersion.Tls12), ("1.3", TlsVersion.Tls13)), TlsVersion.Tls12,
        "lowest version of TLS that is accepted")
    { Example = "1.3" };

    /// <summary>Whether clients have to present certificates.</summary>
    public static Setting<TlsClientVerification> VerifyClient { get; } = new(
        "tls_verify_client",
        new ChoiceForm<TlsClientVerification>(
            ("none", TlsClientVerification.None), ("optional", TlsClientVerification.Optional),
            ("required", TlsClientVerification.Required)),
        TlsClientVerification.None, "whether clients may or must present a certificate that --tls-client-ca has issued")
    { Example = "required" };

    /// <summary>The authorities of clients.</summary>
    public static Setting<string?> ClientCa { get; } = new(
        "tls_client_ca", FileForm.Optional("none, no authority is trusted"), null,
        "file in PEM format with the authorities that issue the certificates of clients")
    { Example = "/etc/lbtcp/clients-ca.pem" };

    /// <summary>The time limit of a handshake.</summary>
    public static Setting<TimeSpan> HandshakeTimeout { get; } = new(
        "tls_handshake_timeout", new DurationForm(TimeSpan.FromMilliseconds(1)), TimeSpan.FromSeconds(10),
        "maximum duration of a TLS handshake, with a client or with a backend")
    { Example = "5s" };

    /// <summary>The limit of concurrent handshakes.</summary>
    public static Setting<int?> MaxHandshakes { get; } = new(
        "tls_max_handshakes", new OptionalForm<int>(new WholeNumberForm(1, 100_000), "4 per processor"), null,
        "maximum number of TLS handshakes that compute at a time; further ones wait within --tls-handshake-timeout")
    { Example = "64" };

    [GeneratedRegex(@"^[!-+\x2D-~]{1,255}\z", RegexOptions.CultureInvariant)]
    private static partial Regex ProtocolPattern();
}
