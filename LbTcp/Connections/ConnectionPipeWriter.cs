using System.Buffers;
using System.IO.Pipelines;

namespace LbTcp.Connections;

/// <summary>The sending half of a connection. What is passed to <see cref="WriteAsync"/> goes to the socket uncopied.</summary>
internal abstract class ConnectionPipeWriter : PipeWriter
{
    private const int BufferSize = 4 * 1024;
    private static readonly TimeSpan _longestPause = TimeSpan.FromSeconds(1);

    private byte[]? _buffer;
    private int _buffered;

    /// <summary>Whether the output was completed: FIN was sent, or will be with the close that is about to follow.</summary>
    public abstract bool IsCompleted { get; }

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _buffered;

    /// <summary>Whether the peer's system has not acknowledged everything, as far as is known, and may yet do so.</summary>
    protected abstract bool IsAwaitingAcknowledgement { get; }

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        int needed = _buffered + Math.Max(sizeHint, 1);
        if (_buffer is null || _buffer.Length < needed)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, BufferSize));
            _buffer.AsSpan(0, _buffered).CopyTo(larger);
            if (_buffer is not null)
                ArrayPool<byte>.Shared.Return(_buffer);
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

    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        if (IsCompleted)
            throw new InvalidOperationException("The output was completed.");
        return _buffered == 0 ? SendAsync(source, cancellationToken) : SendBufferedAsync(source, cancellationToken);
    }

    /// <summary>Not supported: a pending write ends with the connection, or by its own token.</summary>
    public override void CancelPendingFlush() => throw new NotSupportedException();

    /// <summary>
    /// Sends FIN; everything must have been flushed. With an error it resets at once and loses what the peer's system has not acknowledged:
    /// only <see cref="CompleteAsync"/> can wait for that.
    /// </summary>
    /// <exception cref="ConnectionException">The connection failed before FIN could be sent.</exception>
    public override void Complete(Exception? exception = null)
    {
        if (exception is not null)
            Abort();
        else if (!IsCompleted)
            Shut();
    }

    /// <summary>
    /// Flushes and sends FIN. With an error it waits until the peer's system has acknowledged everything, for any time, and then resets;
    /// <see cref="IConnection.Abort"/> ends the wait.
    /// </summary>
    /// <exception cref="ConnectionException">The connection failed before FIN could be sent.</exception>
    public override async ValueTask CompleteAsync(Exception? exception = null)
    {
        if (_buffered > 0 && !IsCompleted)
            _ = await FlushAsync();
        if (exception is not null)
            await UntilAcknowledgedAsync();
        Complete(exception);
    }

    /// <summary>Returns the buffer to the pool; no write may be pending, and none may follow.</summary>
    public void ReturnBuffer()
    {
        _buffered = 0;
        if (_buffer is null)
            return;
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = null;
    }

    /// <summary>Sends all of <paramref name="bytes"/>.</summary>
    /// <exception cref="ConnectionException">The connection failed.</exception>
    protected abstract ValueTask<FlushResult> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>Sends FIN.</summary>
    /// <exception cref="ConnectionException">The connection failed.</exception>
    protected abstract void Shut();

    /// <summary>Resets the connection.</summary>
    protected abstract void Abort();

    /// <summary>Waits for <paramref name="pause"/>, or a shorter time; ends soon after the connection was aborted.</summary>
    protected abstract ValueTask PauseAsync(TimeSpan pause);

    private async ValueTask<FlushResult> SendBufferedAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken)
    {
        // What fits behind the buffered bytes goes with them, in one segment.
        if (source.Length <= _buffer!.Length - _buffered)
        {
            source.CopyTo(_buffer.AsMemory(_buffered));
            _buffered += source.Length;
            source = default;
        }

        _ = await SendAsync(_buffer.AsMemory(0, _buffered), cancellationToken);
        ReturnBuffer();
        return await SendAsync(source, cancellationToken);
    }

    // The system has no event for "everything was acknowledged": ask, at intervals that grow with the wait, so that thousands of peers
    // that do not read cost little.
    private async ValueTask UntilAcknowledgedAsync()
    {
        for (TimeSpan pause = TimeSpan.FromMilliseconds(1); IsAwaitingAcknowledgement; pause = Shorter(2 * pause, _longestPause))
            await PauseAsync(pause);
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
