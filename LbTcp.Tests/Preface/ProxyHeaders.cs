using System.Buffers.Binary;
using System.Text;
using LbTcp.Preface;

namespace LbTcp.Tests.Preface;

/// <summary>Makes PROXY protocol headers byte by byte, right and wrong ones.</summary>
internal static class ProxyHeaders
{
    public const string Signature = "\r\n\r\n\0\r\nQUIT\n";

    /// <summary>The addresses and ports of 192.0.2.7:4711 to 192.0.2.8:443.</summary>
    public static readonly byte[] Addresses4 = [192, 0, 2, 7, 192, 0, 2, 8, 0x12, 0x67, 0x01, 0xBB];

    /// <summary>A header of version 1.</summary>
    public static byte[] V1(string line) => Encoding.Latin1.GetBytes(line);

    /// <summary>A header of version 2 with the length of its block.</summary>
    public static byte[] V2(byte command, byte protocol, params byte[] block) => V2(command, protocol, block.Length, block);

    /// <summary>A header of version 2 that announces <paramref name="length"/>.</summary>
    public static byte[] V2(byte command, byte protocol, int length, byte[] block)
    {
        byte[] header = [.. Encoding.Latin1.GetBytes(Signature), command, protocol, 0, 0, .. block];
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(14), (ushort)length);
        return header;
    }

    /// <summary>An addition.</summary>
    public static byte[] Tlv(byte type, params byte[] value) => [type, (byte)(value.Length >> 8), (byte)value.Length, .. value];

    /// <summary>A header of version 2 for TCP over IPv4 with its checksum between two other additions.</summary>
    public static byte[] WithChecksum()
    {
        byte[] header = V2(0x21, 0x11, [.. Addresses4, .. Tlv(0x04, 1, 2), .. Tlv(0x03, 0, 0, 0, 0), .. Tlv(0xE0, 9)]);
        int place = 16 + 12 + 5 + 3;
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(place), ProxyTlv.Crc32C(header, place));
        return header;
    }
}
