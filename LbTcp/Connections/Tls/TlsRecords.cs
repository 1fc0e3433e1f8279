using System.Buffers;
using System.Buffers.Binary;

namespace LbTcp.Connections.Tls;

/// <summary>
/// Divides what a peer sends into TLS records (RFC 8446, section 5.1). <c>SslStream</c> has to move the beginning of a record that it gets
/// in two parts, and knows nothing of records that were received and that it did not read.
/// </summary>
internal sealed class TlsRecords
{
    private const int HeaderSize = 5;

    // RFC 5246, section 6.2.3: a record of TLS 1.2 may be larger than one of TLS 1.3.
    private const int MaxSize = HeaderSize + (16 * 1024) + 2048;

    private int _leftOfRecord;
    private bool _isTls = true;

    /// <summary>
    /// Whether <paramref name="received"/>, which follows what was passed on, can be passed on: a whole record, or the rest of one.
    /// </summary>
    public bool HasNext(in ReadOnlySequence<byte> received)
    {
        if (received.IsEmpty || _leftOfRecord > 0)
            return !received.IsEmpty;
        return SizeAt(received) is int size ? size <= received.Length : !_isTls;
    }

    /// <summary>
    /// Decides how many of the bytes that were received are passed on now: as many whole records as there are and <paramref name="room"/>
    /// is for, a part of one that is larger than that, and what is no TLS undivided.
    /// </summary>
    /// <returns>The number of bytes; 0 when the rest of a record must be received first.</returns>
    public int Take(in ReadOnlySequence<byte> received, int room)
    {
        int available = (int)Math.Min(received.Length, room);
        if (_leftOfRecord > 0)
        {
            int rest = Math.Min(_leftOfRecord, available);
            _leftOfRecord -= rest;
            return rest;
        }

        int taken = 0;
        while (SizeAt(received.Slice(taken)) is int size)
        {
            if (taken + size <= available)
            {
                taken += size;
                continue;
            }

            if (taken > 0 || size <= room)
                return taken;
            _leftOfRecord = size - available;
            return available;
        }

        if (taken == 0 && !_isTls)
            return available;
        return taken;
    }

    // Null for a header that is incomplete, or that is none: the peer has ceased to speak TLS then, which is for others to say.
    private int? SizeAt(in ReadOnlySequence<byte> received)
    {
        if (!_isTls || received.Length < HeaderSize)
            return null;
        Span<byte> header = stackalloc byte[HeaderSize];
        received.Slice(0, HeaderSize).CopyTo(header);
        int size = HeaderSize + BinaryPrimitives.ReadUInt16BigEndian(header[3..]);
        _isTls = header[0] is >= 20 and <= 24 && header[1] == 3 && size <= MaxSize;
        return _isTls ? size : null;
    }
}
