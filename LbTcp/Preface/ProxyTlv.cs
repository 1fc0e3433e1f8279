using System.Buffers.Binary;
using System.Numerics;

namespace LbTcp.Preface;

/// <summary>
/// The additions (type, length, value) behind the addresses of a header of version 2. Those of a received header are checked and ignored.
/// </summary>
internal static class ProxyTlv
{
    /// <summary>The length of type and length.</summary>
    public const int PrefixLength = 3;

    /// <summary>The application protocol (ALPN).</summary>
    public const byte Alpn = 0x01;

    /// <summary>The server name that the client asked for.</summary>
    public const byte Authority = 0x02;

    /// <summary>The CRC32C of the header.</summary>
    public const byte Checksum = 0x03;

    /// <summary>The id of the connection.</summary>
    public const byte UniqueId = 0x05;

    /// <summary>What is known about TLS; it has additions of its own.</summary>
    public const byte Tls = 0x20;

    /// <summary>Within <see cref="Tls"/>: the version.</summary>
    public const byte TlsVersion = 0x21;

    /// <summary>Within <see cref="Tls"/>: the common name in the client's certificate.</summary>
    public const byte TlsCommonName = 0x22;

    private const int ChecksumLength = sizeof(uint);

    /// <summary>Checks the additions of a complete header.</summary>
    /// <param name="header">The header, all of it.</param>
    /// <param name="start">Where they start.</param>
    /// <returns>What is wrong; null for nothing.</returns>
    public static string? FindProblem(ReadOnlySpan<byte> header, int start)
    {
        int checksum = 0;
        while (start < header.Length)
        {
            ReadOnlySpan<byte> rest = header[start..];
            if (rest.Length < PrefixLength)
                return "TLV incomplete";
            int length = BinaryPrimitives.ReadUInt16BigEndian(rest[1..]);
            if (length > rest.Length - PrefixLength)
                return "TLV longer than the header";
            if (rest[0] == Checksum)
            {
                if (checksum > 0 || length != ChecksumLength)
                    return "malformed checksum";
                checksum = start + PrefixLength;
            }

            start += PrefixLength + length;
        }

        return checksum > 0 && BinaryPrimitives.ReadUInt32BigEndian(header[checksum..]) != Crc32C(header, checksum)
            ? "wrong checksum"
            : null;
    }

    /// <summary>
    /// Computes the CRC32C (RFC 4960, appendix B) of a header, with zeros for the checksum at <paramref name="checksum"/>.
    /// </summary>
    public static uint Crc32C(ReadOnlySpan<byte> header, int checksum)
    {
        uint crc = Add(uint.MaxValue, header[..checksum]);
        crc = BitOperations.Crc32C(crc, 0u);
        return ~Add(crc, header[(checksum + ChecksumLength)..]);
    }

    private static uint Add(uint crc, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (byte value in bytes)
            crc = BitOperations.Crc32C(crc, value);
        return crc;
    }
}
