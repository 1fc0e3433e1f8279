using System.Buffers.Binary;
using System.Text;

namespace LbTcp.Discovery;

/// <summary>Reads the fields of a DNS message one after the other (RFC 1035, section 4.1).</summary>
/// <param name="message">The message, which is untrusted.</param>
internal ref struct DnsMessageReader(ReadOnlySpan<byte> message)
{
    private const int LongestName = 255;
    private const int PointerBits = 0xC0;

    private readonly ReadOnlySpan<byte> _message = message;

    /// <summary>The number of bytes that were read.</summary>
    public int Position { get; private set; }

    /// <summary>Reads bytes.</summary>
    /// <exception cref="InvalidDataException">The message ends before.</exception>
    public ReadOnlySpan<byte> Read(int length)
    {
        if (length < 0 || length > _message.Length - Position)
            throw new InvalidDataException("malformed message");
        Position += length;
        return _message.Slice(Position - length, length);
    }

    /// <inheritdoc cref="Read"/>
    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16BigEndian(Read(2));

    /// <inheritdoc cref="Read"/>
    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32BigEndian(Read(4));

    /// <summary>
    /// Reads a name, which may end with a pointer to an earlier part of the message (section 4.1.4). Characters that no host name has are
    /// replaced by a question mark.
    /// </summary>
    /// <exception cref="InvalidDataException">It is no valid name.</exception>
    public string ReadName()
    {
        var name = new StringBuilder();
        int earliest = Position;
        int? end = null;
        for (int length = Read(1)[0]; length != 0; length = Read(1)[0])
        {
            if ((length & PointerBits) == PointerBits)
            {
                int target = ((length & ~PointerBits) << 8) | Read(1)[0];
                end ??= Position;
                if (target >= earliest) // each one leads further back, so that none is followed twice
                    throw new InvalidDataException("malformed name");
                Position = earliest = target;
                continue;
            }

            foreach (byte each in Read(length))
                _ = name.Append(char.IsAsciiLetterOrDigit((char)each) || each is (byte)'-' or (byte)'_' ? (char)each : '?');
            if (name.Append('.').Length > LongestName)
                throw new InvalidDataException("malformed name");
        }

        Position = end ?? Position;
        return name.ToString();
    }
}
