using System.Buffers.Binary;
using System.Text;

namespace LbTcp.Preface;

/// <summary>
/// What a header of version 2 says beside the addresses, see <see cref="ProxyTlv"/>: the id of the connection, the server name, and what
/// HAProxy says about terminated TLS (sections 2.2.1 to 2.2.6).
/// </summary>
/// <param name="UniqueId">The id, at most 128 bytes; null for none.</param>
/// <param name="ServerName">The server name that the client asked for; null for none.</param>
/// <param name="Tls">What is known about its TLS connection; null if there was none.</param>
internal readonly record struct ProxyAdditions(string? UniqueId, string? ServerName, TlsFacts? Tls)
{
    private const int VerifyLength = sizeof(uint);
    private const byte IsTls = 0x01;
    private const byte HasCertificate = 0x02 | 0x04; // on this connection, and in this session
    private const uint NotVerified = 1;

    // The client chooses them, within the limits of TLS and of certificates. So the header stays below 2 KiB, and below one segment.
    private const int MaxTextLength = 255;

    /// <summary>The length of all of it in bytes.</summary>
    public int Length => LengthOf(Tls?.Alpn) + LengthOf(ServerName) + LengthOf(UniqueId) + LengthOf(Tls);

    /// <summary>Writes all of it to the beginning of <paramref name="destination"/>.</summary>
    public void Write(Span<byte> destination)
    {
        Write(ref destination, ProxyTlv.Alpn, Tls?.Alpn);
        Write(ref destination, ProxyTlv.Authority, ServerName);
        Write(ref destination, ProxyTlv.UniqueId, UniqueId);
        if (Tls is null)
            return;
        WritePrefix(ref destination, ProxyTlv.Tls, LengthOf(Tls) - ProxyTlv.PrefixLength);
        destination[0] = Tls.ClientVerified is null ? IsTls : (byte)(IsTls | HasCertificate);
        BinaryPrimitives.WriteUInt32BigEndian(destination[1..], Tls.ClientVerified is true ? 0 : NotVerified);
        destination = destination[(1 + VerifyLength)..];
        Write(ref destination, ProxyTlv.TlsVersion, Tls.Version);
        Write(ref destination, ProxyTlv.TlsCommonName, Tls.ClientCommonName);
    }

    private static int LengthOf(TlsFacts? tls) =>
        tls is null ? 0 : ProxyTlv.PrefixLength + 1 + VerifyLength + LengthOf(tls.Version) + LengthOf(tls.ClientCommonName);

    private static int LengthOf(string? text) => IsLeftOut(text) ? 0 : ProxyTlv.PrefixLength + Encoding.UTF8.GetByteCount(text!);

    // Half a text would be another one.
    private static bool IsLeftOut(string? text) => text is null || Encoding.UTF8.GetByteCount(text) > MaxTextLength;

    private static void Write(ref Span<byte> destination, byte type, string? text)
    {
        if (IsLeftOut(text))
            return;
        WritePrefix(ref destination, type, Encoding.UTF8.GetByteCount(text!));
        destination = destination[Encoding.UTF8.GetBytes(text!, destination)..];
    }

    private static void WritePrefix(ref Span<byte> destination, byte type, int length)
    {
        destination[0] = type;
        BinaryPrimitives.WriteUInt16BigEndian(destination[1..], (ushort)length);
        destination = destination[ProxyTlv.PrefixLength..];
    }
}
