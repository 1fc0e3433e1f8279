using System.Globalization;

namespace LbTcp.Health.Exchanges;

/// <summary>The alerts with which a TLS server may answer a ClientHello.</summary>
/// <seealso href="https://www.iana.org/assignments/tls-parameters/tls-parameters.xhtml#tls-parameters-6"/>
internal static class TlsAlert
{
    /// <summary>The server does not have the requested name.</summary>
    public const byte UnrecognizedName = 112;

    /// <summary>The name of an alert in the specification; its number for an alert that answers no ClientHello.</summary>
    public static string NameOf(byte alert) => alert switch
    {
        0 => "close_notify",
        10 => "unexpected_message",
        20 => "bad_record_mac",
        22 => "record_overflow",
        40 => "handshake_failure",
        47 => "illegal_parameter",
        49 => "access_denied",
        50 => "decode_error",
        70 => "protocol_version",
        71 => "insufficient_security",
        80 => "internal_error",
        86 => "inappropriate_fallback",
        90 => "user_canceled",
        109 => "missing_extension",
        110 => "unsupported_extension",
        UnrecognizedName => "unrecognized_name",
        120 => "no_application_protocol",
        _ => alert.ToString(CultureInfo.InvariantCulture),
    };
}
