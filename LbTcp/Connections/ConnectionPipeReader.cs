using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace LbTcp.Connections;

/// <summary>
/// The receiving half of a connection. Waits for data without a buffer, rents one when there is data, and gives it back when everything in
/// it was consumed: an idle connection holds none.
/// </summary>
internal abstract class ConnectionPipeReader : PipeReader
{
    private const int BufferSize = 32 * 1024;

    // The most that a reader may examine without consuming; nobody who reads headers needs more.
    private const int LargestBuffer = 64 * 1024;

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
            return; // nothing was handed out but the end
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

    /// <summary>Whether bytes were received that nobody has consumed.</summary>
    protected bool HasUnconsumed => _end > _start;

    /// <summary>The bytes that were received and that nobody has consumed, looked at or not.</summary>
    protected ReadOnlySequence<byte> Unconsumed() =>
        _buffer is null ? ReadOnlySequence<byte>.Empty : new ReadOnlySequence<byte>(_buffer, _start, _end - _start);

    /// <summary>Completes when there is something to receive: bytes, FIN or a failure.</summary>
    protected abstract ValueTask WaitAsync(CancellationToken cancellationToken);

    /// <summary>Receives, counts and returns at least one byte; 0 for FIN.</summary>
    /// <exception cref="ConnectionException">The connection failed.</exception>
    protected abstract ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadResult> FillAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (_buffer is null)
                await WaitAsync(cancellationToken);
            MakeRoom();
            int received = await ReceiveAsync(_buffer.AsMemory(_end), cancellationToken);
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

    private void MakeRoom()
    {
        if (_buffer is null)
        {
            _buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
            return;
        }

        if (_end < _buffer.Length)
            return;
        int unread = _end - _start;
        if (unread >= LargestBuffer)
            throw new InvalidOperationException($"More than {LargestBuffer} bytes were examined without being consumed.");
        byte[] larger = ArrayPool<byte>.Shared.Rent(_start > 0 ? _buffer.Length : LargestBuffer);
        _buffer.AsSpan(_start, unread).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
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
