using System.Buffers;

namespace LbTcp.Connections.Linux;

/// <summary>Bytes that were received, and that the destination had no room for, in a rented buffer.</summary>
internal sealed class PendingBytes
{
    private readonly byte[] _buffer;
    private readonly int _end;
    private int _start;

    /// <summary>Copies <paramref name="bytes"/>.</summary>
    public PendingBytes(ReadOnlySpan<byte> bytes)
        : this(bytes.Length) => bytes.CopyTo(_buffer);

    /// <summary>Copies <paramref name="bytes"/>.</summary>
    public PendingBytes(in ReadOnlySequence<byte> bytes)
        : this((int)bytes.Length) => bytes.CopyTo(_buffer);

    /// <summary>Empties <paramref name="pipe"/>.</summary>
    public PendingBytes(SplicePipe pipe)
        : this(pipe.Length)
    {
        for (int read = 0; read < _end;)
            read += pipe.Read(_buffer.AsSpan(read, _end - read));
    }

    private PendingBytes(int length)
    {
        _buffer = ArrayPool<byte>.Shared.Rent(length);
        _end = length;
    }

    /// <summary>Whether nothing is left.</summary>
    public bool IsEmpty => _start == _end;

    /// <summary>Sends as much as <paramref name="destination"/> takes.</summary>
    /// <returns>The number of bytes.</returns>
    /// <exception cref="ConnectionException">The destination failed.</exception>
    public int SendTo(StreamSocket destination)
    {
        int sent = destination.Send(_buffer.AsSpan(_start, _end - _start));
        _start += sent;
        return sent;
    }

    /// <summary>Writes everything to <paramref name="output"/>.</summary>
    /// <returns>The number of bytes.</returns>
    public int MoveTo(IBufferWriter<byte> output)
    {
        int moved = _end - _start;
        output.Write(_buffer.AsSpan(_start, moved));
        _start = _end;
        return moved;
    }

    /// <summary>Returns the buffer to the pool; the rest is lost.</summary>
    public void Release() => ArrayPool<byte>.Shared.Return(_buffer);
}
