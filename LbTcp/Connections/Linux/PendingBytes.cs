using System.Buffers;

namespace LbTcp.Connections.Linux;

/// <summary>Pending bytes in a rented buffer.</summary>
internal sealed class PendingBytes : IPendingBytes
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

    private PendingBytes(int length)
    {
        _buffer = ArrayPool<byte>.Shared.Rent(length);
        _end = length;
    }

    public bool IsEmpty => _start == _end;

    public int SendTo(LinuxSocket destination)
    {
        int sent = destination.Send(_buffer.AsSpan(_start, _end - _start));
        _start += Math.Max(sent, 0);
        return sent;
    }

    public void Release(SplicePipes pipes) => ArrayPool<byte>.Shared.Return(_buffer);
}
