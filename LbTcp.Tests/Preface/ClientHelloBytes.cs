using System.Buffers.Binary;
using System.Text;

namespace LbTcp.Tests.Preface;

/// <summary>Writes ClientHellos, also malformed ones.</summary>
internal static class ClientHelloBytes
{
    private const ushort Padding = 21; // RFC 7685

    /// <summary>A ClientHello in one record.</summary>
    /// <param name="serverName">The server name; null for none.</param>
    /// <param name="padding">The number of bytes of a padding extension, which stand for key shares; 0 for none.</param>
    public static byte[] Of(string? serverName, int padding = 0) => Records(Message(Extensions(serverName, padding)));

    /// <summary>A handshake message with a ClientHello.</summary>
    /// <param name="extensions">Its extensions; null for none, without the length.</param>
    public static byte[] Message(byte[]? extensions)
    {
        byte[] body =
        [
            3, 3, .. new byte[32], // version, random
            .. Vector8([.. Enumerable.Repeat((byte)7, 32)]), // session id
            .. Vector16([0x1A, 0x1A, 0x13, 0x01]), // GREASE and a cipher suite
            .. Vector8([0]), // compression
            .. extensions is null ? [] : Vector16(extensions),
        ];
        return [1, (byte)(body.Length >> 16), (byte)(body.Length >> 8), (byte)body.Length, .. body];
    }

    /// <summary>GREASE (RFC 8701), a server name, and padding.</summary>
    public static byte[] Extensions(string? serverName, int padding = 0) =>
    [
        .. Extension(0x2A2A, []),
        .. serverName is null ? [] : ServerName(HostName(serverName)),
        .. Extension(43, [2, 3, 4]), // supported versions
        .. padding > 0 ? Extension(Padding, new byte[padding]) : [],
        .. Extension(0xFAFA, [0]),
    ];

    /// <summary>The extension with the list of server names.</summary>
    public static byte[] ServerName(params byte[] names) => Extension(0, Vector16(names));

    /// <summary>An entry of that list.</summary>
    public static byte[] HostName(string name, byte type = 0) => [type, .. Vector16(Encoding.Latin1.GetBytes(name))];

    /// <summary>An extension.</summary>
    public static byte[] Extension(ushort type, byte[] content) => [(byte)(type >> 8), (byte)type, .. Vector16(content)];

    /// <summary>Records with a handshake message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="sizes">The lengths of the fragments but the last; the last one repeats if it is followed by none.</param>
    public static byte[] Records(byte[] message, params int[] sizes)
    {
        List<byte> records = [];
        for (int start = 0, i = 0; start < message.Length; i++)
        {
            int size = sizes.Length == 0 ? message.Length : sizes[Math.Min(i, sizes.Length - 1)];
            byte[] fragment = message[start..Math.Min(message.Length, start + size)];
            records.AddRange([22, 3, 1, .. Vector16(fragment)]);
            start += fragment.Length;
        }

        return [.. records];
    }

    private static byte[] Vector8(byte[] content) => [(byte)content.Length, .. content];

    private static byte[] Vector16(byte[] content)
    {
        byte[] vector = [0, 0, .. content];
        BinaryPrimitives.WriteUInt16BigEndian(vector, (ushort)content.Length);
        return vector;
    }
}
