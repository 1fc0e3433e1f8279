using System.Buffers;

namespace LbTcp.Connections.Linux;

/// <summary>The end of a message, in a rented buffer.</summary>
internal sealed class PendingBytes : IPendingBytes
{
    private readonly byte[] _buffer;
    private readonly int _end;
    private int _start;

    /// <summary>Copies <paramref name="bytes"/>.</summary>
    public PendingBytes(ReadOnlySpan<byte> bytes)
    {
        _buffer = ArrayPool<byte>.Shared.Rent(bytes.Length);
        _end = bytes.Length;
        bytes.CopyTo(_buffer);
    }

    public bool IsEmpty => _start == _end;

    public void Drain(EpollConnection destination) => _start += destination.Send(_buffer.AsSpan(_start, _end - _start));

    public void Release(Reactor reactor) => ArrayPool<byte>.Shared.Return(_buffer);
}
