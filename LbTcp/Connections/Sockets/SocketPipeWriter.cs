using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace LbTcp.Connections.Sockets;

/// <summary>The sending half of a <see cref="SocketConnection"/>. What is passed to <see cref="WriteAsync"/> goes to the socket uncopied.</summary>
internal sealed class SocketPipeWriter(SocketConnection connection, Socket socket) : PipeWriter
{
    private const int BufferSize = 4 * 1024;
    private static readonly TimeSpan _longestFlushPause = TimeSpan.FromMilliseconds(50);

    private long _bytesSent;
    private byte[]? _buffer;
    private int _buffered;
    private volatile bool _isShut;

    /// <summary>Bytes the socket took so far.</summary>
    public long BytesSent => Volatile.Read(ref _bytesSent);

    /// <summary>Whether FIN was sent.</summary>
    public bool IsShut => _isShut;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _buffered;

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        int needed = _buffered + Math.Max(sizeHint, 1);
        if (_buffer is null || _buffer.Length < needed)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, BufferSize));
            _buffer.AsSpan(0, _buffered).CopyTo(larger);
            ReturnBuffer();
            _buffer = larger;
        }

        return _buffer.AsMemory(_buffered);
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, (_buffer?.Length ?? 0) - _buffered);
        _buffered += bytes;
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) =>
        WriteAsync(ReadOnlyMemory<byte>.Empty, cancellationToken);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        if (_isShut)
            throw new InvalidOperationException("The output was completed.");
        try
        {
            if (_buffered > 0)
            {
                await SendAsync(_buffer.AsMemory(0, _buffered), cancellationToken);
                _buffered = 0;
                ReturnBuffer();
            }

            await SendAsync(source, cancellationToken);
            return default;
        }
        catch (SocketException exception)
        {
            throw connection.Fail(exception.SocketErrorCode);
        }
        catch (ObjectDisposedException)
        {
            throw connection.Fail(SocketError.OperationAborted);
        }
    }

    /// <summary>Not supported: a pending write ends with the connection, or by its own token.</summary>
    public override void CancelPendingFlush() => throw new NotSupportedException();

    /// <summary>Sends FIN, or with an error resets at once. Everything must have been flushed.</summary>
    public override void Complete(Exception? exception = null)
    {
        if (exception is not null)
            connection.Abort();
        else if (!_isShut)
            Shut();
        ReturnBuffer();
    }

    public override async ValueTask CompleteAsync(Exception? exception = null)
    {
        if (_buffered > 0 && !_isShut && connection.Failure is SocketError.Success)
            _ = await FlushAsync();
        if (exception is not null)
            await UntilAcknowledgedAsync();
        Complete(exception);
    }

    /// <summary>Gives the buffer back; no write may be pending.</summary>
    public void ReturnBuffer()
    {
        if (_buffer is null)
            return;
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = null;
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (bytes.Length > 0)
        {
            int sent = await socket.SendAsync(bytes, SocketFlags.None, cancellationToken);
            Volatile.Write(ref _bytesSent, _bytesSent + sent);
            bytes = bytes[sent..];
        }
    }

    private void Shut()
    {
        try
        {
            _isShut = true;
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException exception)
        {
            throw connection.Fail(exception.SocketErrorCode);
        }
        catch (ObjectDisposedException)
        {
            throw connection.Fail(SocketError.OperationAborted);
        }
    }

    // The system has no event for "everything was acknowledged": ask, at growing intervals. Whoever completes bounds the wait by aborting.
    private async ValueTask UntilAcknowledgedAsync()
    {
        TimeSpan pause = TimeSpan.FromMilliseconds(1);
        while (connection.Failure is SocketError.Success && TcpInfo.TryRead(socket, out TcpInfo info) && !info.IsFlushed && !info.IsClosed)
        {
            await Task.Delay(pause);
            pause = pause < _longestFlushPause ? pause * 2 : _longestFlushPause;
        }
    }
}
