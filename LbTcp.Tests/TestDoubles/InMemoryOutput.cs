using System.IO.Pipelines;
using System.Net.Sockets;
using LbTcp.Connections;

namespace LbTcp.Tests.TestDoubles;

/// <summary>
/// What an <see cref="InMemoryConnection"/> sends: a pipe's writer that counts, and that reports the connection's failure.
/// </summary>
internal sealed class InMemoryOutput(InMemoryConnection connection, PipeWriter writer) : PipeWriter
{
    private long _sent;
    private long _unflushed;
    private bool _isCompleted;

    /// <summary>Bytes flushed so far.</summary>
    public long Sent => Volatile.Read(ref _sent);

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _unflushed;

    public override Memory<byte> GetMemory(int sizeHint = 0) => writer.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => writer.GetSpan(sizeHint);

    public override void Advance(int bytes)
    {
        writer.Advance(bytes);
        _unflushed += bytes;
    }

    public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfFailed();
        CountUnflushed();
        bool isRefused = connection.IsPeerDisposed;
        ValueTask<FlushResult> flush = writer.FlushAsync(cancellationToken);
        bool isTaken = !isRefused && flush.IsCompletedSuccessfully; // as with a socket, a reset that comes later is met by the next one
        FlushResult result = await flush;
        if (result.IsCompleted)
            connection.Fail(SocketError.ConnectionReset);
        if (!isTaken)
            ThrowIfFailed();
        return result;
    }

    public override void CancelPendingFlush() => writer.CancelPendingFlush();

    /// <summary>Sends FIN; with an error, also after that, what was written so far and then RST.</summary>
    public override void Complete(Exception? exception = null)
    {
        if (connection.Failure != SocketError.Success)
            return;
        bool isFirst = !_isCompleted;
        _isCompleted = true;
        CountUnflushed();
        if (isFirst && exception is null)
            writer.Complete();
        else if (isFirst)
            _ = writer.FlushAsync().AsTask(); // hands over; whether the peer ever makes room is of no interest
        if (exception is not null)
            connection.Abort();
    }

    private void CountUnflushed()
    {
        Interlocked.Add(ref _sent, _unflushed);
        _unflushed = 0;
    }

    private void ThrowIfFailed()
    {
        if (connection.Failure != SocketError.Success)
            throw new ConnectionException(connection.Side, connection.Failure);
    }
}
