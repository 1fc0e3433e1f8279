using System.Buffers.Binary;

namespace LbTcp.Preface;

/// <summary>
/// Finds the ClientHello in the records that carry it (RFC 8446, section 5.1): a handshake message may be spread over any number of them.
/// Examines the bytes in their order, so that more bytes never change what was decided.
/// </summary>
internal static class HandshakeRecords
{
    /// <summary>
    /// The maximum number of bytes up to the end of a ClientHello, the headers of its records included. Those with post-quantum key shares
    /// have about 2 KiB.
    /// </summary>
    public const int MaxLength = 16 * 1024;

    private const byte HandshakeRecord = 22;
    private const byte MajorVersion = 3; // of all versions since SSL 3
    private const byte ClientHelloMessage = 1;
    private const int RecordHeader = 5;
    private const int MessageHeader = 4; // type and length
    private const int MaxFragment = 1 << 14;

    /// <summary>Finds the body of the ClientHello that <paramref name="bytes"/> begin with.</summary>
    /// <param name="bytes">The bytes so far.</param>
    /// <param name="body">The body, if the status is complete: a part of the bytes, or a copy if it is spread over records.</param>
    public static ClientHelloStatus Find(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> body)
    {
        body = default;
        int needed = MessageHeader; // of the message, with its header
        uint header = 0;
        int found = 0;
        for (int start = 0; ;)
        {
            ClientHelloStatus status = ReadHeader(bytes[start..], isFirst: start == 0, out int length);
            if (status is not ClientHelloStatus.Complete)
                return status;
            ReadOnlySpan<byte> fragment = bytes.Slice(start + RecordHeader, Math.Min(length, bytes.Length - start - RecordHeader));
            if (found < MessageHeader && !TryReadHeader(fragment, found, ref header, ref needed))
                return ClientHelloStatus.Invalid;
            if (start + RecordHeader + Math.Min(length, needed - found) > MaxLength || needed > MaxLength)
                return ClientHelloStatus.Invalid;
            found += Math.Min(fragment.Length, needed - found);
            if (found == needed)
            {
                body = start == 0 ? fragment[MessageHeader..needed] : Join(bytes, needed).AsSpan(MessageHeader);
                return ClientHelloStatus.Complete;
            }

            if (fragment.Length < length)
                return ClientHelloStatus.Incomplete;
            start += RecordHeader + length;
        }
    }

    private static ClientHelloStatus ReadHeader(ReadOnlySpan<byte> record, bool isFirst, out int length)
    {
        length = 0;
        bool isHandshake = (record.Length < 1 || record[0] == HandshakeRecord) && (record.Length < 2 || record[1] == MajorVersion);
        if (!isHandshake)
            return isFirst ? ClientHelloStatus.NotTls : ClientHelloStatus.Invalid;
        if (record.Length < RecordHeader)
            return ClientHelloStatus.Incomplete;
        length = BinaryPrimitives.ReadUInt16BigEndian(record[3..]);
        return length is > 0 and <= MaxFragment ? ClientHelloStatus.Complete : ClientHelloStatus.Invalid;
    }

    // False unless it is, as far as it goes, the header of a ClientHello that is not empty.
    private static bool TryReadHeader(ReadOnlySpan<byte> fragment, int found, ref uint header, ref int needed)
    {
        for (int i = 0; i < fragment.Length && found < MessageHeader; i++, found++)
            header = (header << 8) | fragment[i];
        if (found > 0 && header >> (8 * (found - 1)) != ClientHelloMessage)
            return false;
        if (found < MessageHeader)
            return true;
        int length = (int)(header & 0xFF_FFFF);
        needed = MessageHeader + length;
        return length > 0;
    }

    private static byte[] Join(ReadOnlySpan<byte> bytes, int length)
    {
        byte[] message = new byte[length];
        for (int found = 0, start = 0; found < length;)
        {
            int fragment = BinaryPrimitives.ReadUInt16BigEndian(bytes[(start + 3)..]);
            int taken = Math.Min(fragment, length - found);
            bytes.Slice(start + RecordHeader, taken).CopyTo(message.AsSpan(found));
            found += taken;
            start += RecordHeader + fragment;
        }

        return message;
    }
}
