using System.Buffers.Binary;

namespace LbTcp.Preface;

/// <summary>
/// Reads numbers and vectors, which begin with their length, as TLS encodes them (RFC 8446, section 3). Never reads beyond its bytes.
/// </summary>
/// <param name="bytes">The bytes.</param>
internal ref struct VectorReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>Whether all bytes were read.</summary>
    public readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>Skips bytes.</summary>
    public bool TrySkip(int count) => TryRead(count, out _);

    /// <summary>Reads a number of 8 bits.</summary>
    public bool TryReadNumber8(out byte number)
    {
        bool isRead = TryRead(sizeof(byte), out ReadOnlySpan<byte> encoded);
        number = isRead ? encoded[0] : default;
        return isRead;
    }

    /// <summary>Reads a number of 16 bits.</summary>
    public bool TryReadNumber16(out ushort number)
    {
        bool isRead = TryRead(sizeof(ushort), out ReadOnlySpan<byte> encoded);
        number = isRead ? BinaryPrimitives.ReadUInt16BigEndian(encoded) : default;
        return isRead;
    }

    /// <summary>Reads a vector with a length of 8 bits.</summary>
    public bool TryReadVector8(out ReadOnlySpan<byte> vector)
    {
        vector = default;
        return TryReadNumber8(out byte length) && TryRead(length, out vector);
    }

    /// <summary>Reads a vector with a length of 16 bits.</summary>
    public bool TryReadVector16(out ReadOnlySpan<byte> vector)
    {
        vector = default;
        return TryReadNumber16(out ushort length) && TryRead(length, out vector);
    }

    private bool TryRead(int count, out ReadOnlySpan<byte> read)
    {
        bool isLongEnough = count <= _rest.Length;
        read = isLongEnough ? _rest[..count] : default;
        if (isLongEnough)
            _rest = _rest[count..];
        return isLongEnough;
    }
}
