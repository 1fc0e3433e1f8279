using System.Buffers.Binary;

namespace LbTcp.Health.Exchanges;

/// <summary>The packets of the MySQL protocol: a length of three bytes, a sequence number and the payload.</summary>
/// <seealso href="https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_packets.html"/>
internal static class MysqlPacket
{
    /// <summary>The length of the head of a packet.</summary>
    public const int HeadLength = 4;

    private const int MaxPayload = 2048; // a greeting has about 100 bytes, an error at most 512 and its code

    /// <summary>Whether this may be the head of a packet that a server sends before and during the login.</summary>
    /// <param name="bytes">At least the head.</param>
    public static bool IsPlausible(ReadOnlySpan<byte> bytes) => LengthOf(bytes) is > 0 and <= MaxPayload;

    /// <summary>Reads a packet.</summary>
    /// <param name="bytes">At least the head.</param>
    /// <param name="sequence">The sequence number of the packet.</param>
    /// <param name="payload">The payload.</param>
    /// <returns>False if the packet is incomplete.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out byte sequence, out ReadOnlySpan<byte> payload)
    {
        int length = LengthOf(bytes);
        bool isComplete = bytes.Length - HeadLength >= length;
        sequence = bytes[HeadLength - 1];
        payload = isComplete ? bytes.Slice(HeadLength, length) : default;
        return isComplete;
    }

    /// <summary>Makes a packet.</summary>
    public static byte[] Write(byte sequence, ReadOnlySpan<byte> payload)
    {
        byte[] packet = new byte[HeadLength + payload.Length];
        BinaryPrimitives.WriteInt32LittleEndian(packet, payload.Length);
        packet[HeadLength - 1] = sequence;
        payload.CopyTo(packet.AsSpan(HeadLength));
        return packet;
    }

    private static int LengthOf(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt32LittleEndian(bytes) & 0xFFFFFF;
}
