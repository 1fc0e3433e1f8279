using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace LbTcp.Connections.Sockets;

/// <summary>
/// The receiving half of a <see cref="SocketConnection"/>. Waits for data without a buffer, rents one when there is data, and gives it back
/// when everything in it was consumed: an idle connection holds none.
/// </summary>
internal sealed class SocketPipeReader(SocketConnection connection, Socket socket) : PipeReader
{
    private const int BufferSize = 32 * 1024;

    // The most that a reader may examine without consuming; nobody who reads headers needs more.
    private const int LargestBuffer = 64 * 1024;

    private long _bytesReceived;
    private byte[]? _buffer;
    private ReadOnlySequence<byte> _returned;
    private int _start;
    private int _end;
    private int _examined;
    private bool _sawFin;

    /// <summary>Bytes taken from the socket so far.</summary>
    public long BytesReceived => Volatile.Read(ref _bytesReceived);

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
        TryRead(out ReadResult result) ? ValueTask.FromResult(result) : ReceiveAsync(cancellationToken);

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        _examined = _start + (int)_returned.Slice(_returned.Start, examined).Length;
        _start += (int)_returned.Slice(_returned.Start, consumed).Length;
        _returned = default;
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

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadResult> ReceiveAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (_buffer is null)
                _ = await socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None, cancellationToken);
            MakeRoom();
            int received = await socket.ReceiveAsync(_buffer.AsMemory(_end), SocketFlags.None, cancellationToken);
            if (received == 0)
                ThrowUnlessFin();
            _sawFin = received == 0;
            _end += received;
            Volatile.Write(ref _bytesReceived, _bytesReceived + received);
            return Result();
        }
        catch (SocketException exception)
        {
            throw connection.Fail(exception.SocketErrorCode);
        }
        catch (ObjectDisposedException)
        {
            throw connection.Fail(SocketError.OperationAborted);
        }
        finally
        {
            if (_start == _end)
                ReturnBuffer();
        }
    }

    // A write that failed with ECONNRESET took the error with it, and a read then reports an end of stream that never was. As long as no
    // FIN was sent, only a torn-down connection is in state CLOSE.
    private void ThrowUnlessFin()
    {
        if (connection.Failure is not SocketError.Success and SocketError failure)
            throw connection.Fail(failure);
        if (!connection.IsOutputShut && TcpInfo.TryRead(socket, out TcpInfo info) && info.IsClosed)
            throw connection.Fail(SocketError.ConnectionReset);
    }

    private ReadResult Result()
    {
        _returned = _buffer is null ? ReadOnlySequence<byte>.Empty : new ReadOnlySequence<byte>(_buffer, _start, _end - _start);
        return new ReadResult(_returned, isCanceled: false, isCompleted: _sawFin);
    }

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
