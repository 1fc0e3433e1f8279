using System.Buffers;

namespace LbTcp.Health.Exchanges;

/// <summary>
/// Reads the head of an HTTP/1.x response: the status line, and the header lines up to the empty line, whose values do not matter
/// (RFC 9112, sections 2 to 5). Provisional responses (1xx) in front of it are skipped. Not thread-safe.
/// </summary>
internal sealed class HttpHead
{
    /// <summary>The maximum size of a head in KiB, together with the provisional ones before it.</summary>
    public const int MaxKiB = 64;

    private const long MaxBytes = MaxKiB * 1024;
    private const int StatusLineLength = 12; // HTTP/1.1 200
    private const int SwitchingProtocols = 101;

    private long _length;
    private bool _hasHeader;

    /// <summary>Whether a line was read.</summary>
    public bool HasBegun => _length > 0;

    /// <summary>The status code, once the status line was read.</summary>
    public int Status { get; private set; }

    private static ReadOnlySpan<byte> Protocol => "HTTP/1."u8;

    /// <summary>Reads what was received since the last call.</summary>
    /// <param name="received">The bytes that were received and not consumed.</param>
    /// <param name="consumed">The position up to which the bytes are consumed.</param>
    public HttpHeadState Read(ReadOnlySequence<byte> received, out SequencePosition consumed)
    {
        var reader = new SequenceReader<byte>(received);
        HttpHeadState state = HttpHeadState.Incomplete;
        while (state is HttpHeadState.Incomplete && reader.TryReadTo(out ReadOnlySequence<byte> line, (byte)'\n'))
        {
            _length += line.Length + 1;
            state = _length > MaxBytes ? HttpHeadState.TooLarge : ReadLine(line.IsSingleSegment ? line.FirstSpan : line.ToArray());
        }

        consumed = reader.Position;
        return state is HttpHeadState.Incomplete ? Examine(reader.UnreadSequence) : state;
    }

    // The beginning of a line; that of a status line shows at once whether the peer speaks HTTP.
    private HttpHeadState Examine(ReadOnlySequence<byte> begun)
    {
        if (_length + begun.Length > MaxBytes)
            return HttpHeadState.TooLarge;
        if (Status != 0)
            return HttpHeadState.Incomplete;
        Span<byte> start = stackalloc byte[(int)Math.Min(begun.Length, Protocol.Length)];
        begun.Slice(0, start.Length).CopyTo(start);
        return Protocol.StartsWith(start) ? HttpHeadState.Incomplete : HttpHeadState.Invalid;
    }

    private HttpHeadState ReadLine(ReadOnlySpan<byte> line)
    {
        if (line is [.., (byte)'\r'])
            line = line[..^1]; // a line feed alone ends a line as well (RFC 9112, section 2.2)
        if (Status == 0)
            return ReadStatusLine(line);
        if (line.Length > 0)
            return ReadHeader(line);
        if (Status is >= 200 or SwitchingProtocols)
            return HttpHeadState.Complete;
        (Status, _hasHeader) = (0, false); // the limit is one for all heads, as a peer may send provisional ones for ever
        return HttpHeadState.Incomplete;
    }

    // The reason phrase may be missing, with its blank or without.
    private HttpHeadState ReadStatusLine(ReadOnlySpan<byte> line)
    {
        bool isStatusLine = line.Length >= StatusLineLength && line.StartsWith(Protocol) && IsDigit(line[7]) && line[8] == ' '
            && line[9] is >= (byte)'1' and <= (byte)'9' && IsDigit(line[10]) && IsDigit(line[11])
            && (line.Length == StatusLineLength || line[StatusLineLength] == ' ');
        if (!isStatusLine)
            return HttpHeadState.Invalid;
        Status = ((line[9] - '0') * 100) + ((line[10] - '0') * 10) + (line[11] - '0');
        return HttpHeadState.Incomplete;
    }

    // A line that begins with a blank continues the header before it (RFC 9112, section 5.2).
    private HttpHeadState ReadHeader(ReadOnlySpan<byte> line)
    {
        bool isHeader = line[0] is (byte)' ' or (byte)'\t' ? _hasHeader : line.IndexOf((byte)':') > 0;
        _hasHeader = true;
        return isHeader ? HttpHeadState.Incomplete : HttpHeadState.Invalid;
    }

    private static bool IsDigit(byte value) => value is >= (byte)'0' and <= (byte)'9';
}
