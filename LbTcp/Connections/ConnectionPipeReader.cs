using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace LbTcp.Connections;

/// <summary>
/// The receiving half of a connection. Waits for data without a buffer, rents one when there is data, and gives it back when everything in
/// it was consumed: an idle connection holds none.
/// </summary>
internal abstract class ConnectionPipeReader : PipeReader
{
    /// <summary>
    /// The maximum number of bytes that can be examined without being consumed: the largest PROXY protocol header, 16 bytes and a length of
    /// 16 bits (HAProxy's proxy-protocol.txt, section 2.2). A peer that makes its reader ask for more has failed.
    /// </summary>
    public const int MaxUnconsumed = 16 + ushort.MaxValue;

    private const int BufferSize = 64 * 1024;

    private const int LargestBuffer = 128 * 1024; // the pool's smallest array that holds MaxUnconsumed

    private byte[]? _buffer;
    private int _start;
    private int _end;
    private int _examined;
    private bool _sawFin;

    public override bool TryRead(out ReadResult result)
    {
        if (_end > _examined || _sawFin)
        {
            result = Result();
            return true;
        }

        result = default;
        return false;
    }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
        TryRead(out ReadResult result) ? ValueTask.FromResult(result) : FillAsync(cancellationToken);

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        if (_buffer is null)
            return; // only the end was handed out
        ReadOnlySequence<byte> unconsumed = Unconsumed();
        _examined = _start + (int)unconsumed.Slice(unconsumed.Start, examined).Length;
        _start += (int)unconsumed.Slice(unconsumed.Start, consumed).Length;
        if (_start == _end)
            ReturnBuffer();
    }

    /// <summary>Not supported: a pending read ends with the connection, or by its own token.</summary>
    public override void CancelPendingRead() => throw new NotSupportedException();

    /// <summary>Ends reading and gives the buffer back; no read may be pending.</summary>
    public override void Complete(Exception? exception = null)
    {
        _sawFin = true;
        _start = _end;
        ReturnBuffer();
    }

    /// <summary>
    /// Starts a transfer on a faster way than through the pipes, or returns null when there is none to <paramref name="destination"/>.
    /// </summary>
    public virtual Transfer? TryBeginTransfer(PipeWriter destination, TransferRace? race) => null;

    /// <summary>The bytes that were received and not consumed, examined or not.</summary>
    protected ReadOnlySequence<byte> Unconsumed() =>
        _buffer is null ? ReadOnlySequence<byte>.Empty : new ReadOnlySequence<byte>(_buffer, _start, _end - _start);

    /// <summary>Completes when there is something to receive: bytes, FIN or a failure.</summary>
    protected abstract ValueTask WaitAsync(CancellationToken cancellationToken);

    /// <summary>Receives at least one byte; 0 for FIN.</summary>
    /// <exception cref="ConnectionException">The connection failed.</exception>
    protected abstract ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>Marks the connection as failed and makes the exception for it.</summary>
    protected abstract ConnectionException Fail(SocketError error);

    // Both waits are pooled and complete where the connection lives: nothing is gained by asking for its context, and a pooled value task
    // would post to it.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadResult> FillAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (_buffer is null)
                await WaitAsync(cancellationToken).ConfigureAwait(false);
            int received = await ReceiveAsync(MakeRoom(), cancellationToken).ConfigureAwait(false);
            _sawFin = received == 0;
            _end += received;
            return Result();
        }
        finally
        {
            if (_start == _end)
                ReturnBuffer();
        }
    }

    private ReadResult Result() => new(Unconsumed(), isCanceled: false, isCompleted: _sawFin);

    private Memory<byte> MakeRoom()
    {
        int unread = _end - _start;
        if (unread >= MaxUnconsumed)
            throw Fail(SocketError.MessageSize);
        if (_buffer is null)
            _buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        else if (_start > 0 && _end > _buffer.Length / 2)
            MoveTo(_buffer);
        else if (_end == _buffer.Length)
            MoveTo(ArrayPool<byte>.Shared.Rent(Math.Min(2 * _buffer.Length, LargestBuffer)));
        return _buffer.AsMemory(_end, Math.Min(_buffer.Length - _end, MaxUnconsumed - unread));
    }

    private void MoveTo(byte[] buffer)
    {
        int unread = _end - _start;
        _buffer.AsSpan(_start, unread).CopyTo(buffer);
        if (buffer != _buffer)
            ArrayPool<byte>.Shared.Return(_buffer!);
        _buffer = buffer;
        _examined -= _start;
        _start = 0;
        _end = unread;
    }

    private void ReturnBuffer()
    {
        _start = _end = _examined = 0;
        if (_buffer is null)
            return;
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = null;
    }
}
