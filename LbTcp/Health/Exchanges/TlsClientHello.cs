using System.Text;

namespace LbTcp.Health.Exchanges;

/// <summary>
/// The ClientHello of a check, for TLS 1.3 and 1.2. It offers no key (an empty key_share): a server with TLS 1.3 then answers with a
/// HelloRetryRequest, which is a ServerHello, computes no key itself, and still understands a plain alert.
/// </summary>
/// <seealso href="https://www.rfc-editor.org/rfc/rfc8446#section-4.1.2"/>
/// <seealso href="https://www.rfc-editor.org/rfc/rfc8446#section-4.2.8"/>
internal static class TlsClientHello
{
    private const ushort Tls10 = 0x301;
    private const ushort Tls12 = 0x303;
    private const ushort Tls13 = 0x304;

    // TLS 1.3, then ECDHE with AEAD, then what old servers have, in the order of Mozilla's "old" profile.
    private static readonly ushort[] _cipherSuites =
        [0x1301, 0x1302, 0x1303, 0xC02B, 0xC02F, 0xC02C, 0xC030, 0xCCA9, 0xCCA8, 0xC013, 0xC014, 0x9C, 0x9D, 0x2F, 0x35];

    private static readonly ushort[] _groups = [0x1D, 0x17, 0x18, 0x19]; // x25519, secp256r1, secp384r1, secp521r1

    // ECDSA, RSA-PSS and RSA with SHA-256, SHA-384 and SHA-512, Ed25519, RSA with SHA-1.
    private static readonly ushort[] _signatures = [0x403, 0x804, 0x401, 0x503, 0x805, 0x501, 0x603, 0x806, 0x601, 0x807, 0x201];

    // Random in a handshake that is completed; this one is not, and shows in a capture what it is for.
    private static ReadOnlySpan<byte> Random => "lbtcp health check, no handshake"u8;

    /// <summary>Makes the record.</summary>
    /// <param name="hostName">The name that the server is asked for (SNI); null for none.</param>
    public static byte[] Write(string? hostName)
    {
        byte[] body =
        [
            .. Number(Tls12), .. Random,
            0, // session id: none
            .. Vector(Numbers(_cipherSuites)),
            1, 0, // compression: none
            .. Vector(Extensions(hostName)),
        ];
        byte[] message = [1, 0, .. Vector(body)]; // ClientHello, its length in three bytes
        return [22, .. Number(Tls10), .. Vector(message)]; // a handshake record
    }

    private static byte[] Extensions(string? hostName) =>
    [
        .. hostName is null ? [] : Extension(0, Vector([0, .. Vector(Encoding.ASCII.GetBytes(hostName))])), // server_name
        .. Extension(10, Vector(Numbers(_groups))), // supported_groups
        .. Extension(11, [1, 0]), // ec_point_formats: uncompressed
        .. Extension(13, Vector(Numbers(_signatures))), // signature_algorithms
        .. Extension(23, []), // extended_master_secret
        .. Extension(43, [4, .. Number(Tls13), .. Number(Tls12)]), // supported_versions
        .. Extension(51, Vector([])), // key_share
        .. Extension(0xFF01, [0]), // renegotiation_info
    ];

    private static byte[] Extension(ushort type, byte[] content) => [.. Number(type), .. Vector(content)];

    /// <summary>A length of two bytes, and the content.</summary>
    private static byte[] Vector(byte[] content) => [.. Number((ushort)content.Length), .. content];

    private static byte[] Numbers(ushort[] numbers) => [.. numbers.SelectMany(Number)];

    private static byte[] Number(ushort number) => [(byte)(number >> 8), (byte)number];
}
