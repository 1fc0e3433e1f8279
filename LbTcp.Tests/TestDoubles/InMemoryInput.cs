using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using LbTcp.Connections;

namespace LbTcp.Tests.TestDoubles;

/// <summary>
/// What an <see cref="InMemoryConnection"/> receives: a pipe's reader that counts, and that reports the connection's failure.
/// </summary>
internal sealed class InMemoryInput(InMemoryConnection connection, PipeReader reader) : PipeReader
{
    private ReadOnlySequence<byte> _current;
    private long _received;
    private long _unconsumed;
    private bool _isAllExamined = true;

    /// <summary>Bytes seen by reads so far.</summary>
    public long Received => Volatile.Read(ref _received);

    /// <summary>Bytes that the reader is done with.</summary>
    public long Consumed => Volatile.Read(ref _received) - Volatile.Read(ref _unconsumed);

    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfFailedHere();
        if (connection.IsReset)
            reader.CancelPendingRead(); // nothing will come any more: do not wait for it
        return Inspect(await reader.ReadAsync(cancellationToken));
    }

    public override bool TryRead(out ReadResult result)
    {
        ThrowIfFailedHere();
        bool isRead = reader.TryRead(out result);
        if (isRead)
            result = Inspect(result);
        return isRead;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        Volatile.Write(ref _unconsumed, _current.Slice(consumed).Length);
        _isAllExamined = _current.Slice(examined).IsEmpty;
        _current = default;
        reader.AdvanceTo(consumed, examined);
    }

    public override void CancelPendingRead() => reader.CancelPendingRead();

    /// <summary>
    /// Ends reading; the peer is informed by <see cref="InMemoryConnection.DisposeAsync"/> only, as with a socket.
    /// </summary>
    public override void Complete(Exception? exception = null)
    {
    }

    /// <summary>From now on the peer's writes fail.</summary>
    public void Close() => reader.Complete();

    private ReadResult Inspect(ReadResult result)
    {
        long news = result.Buffer.Length - _unconsumed;
        if (connection.Failure != SocketError.Success && (!connection.IsReset || (news == 0 && _isAllExamined)))
        {
            reader.AdvanceTo(result.Buffer.Start);
            throw new ConnectionException(connection.Side, connection.Failure);
        }

        _current = result.Buffer;
        Volatile.Write(ref _unconsumed, result.Buffer.Length);
        Interlocked.Add(ref _received, news);
        return connection.IsReset ? new ReadResult(result.Buffer, isCanceled: false, isCompleted: false) : result;
    }

    // What came before a reset by the peer can still be read; every other failure is this end's own and takes effect at once.
    private void ThrowIfFailedHere()
    {
        if (connection.Failure != SocketError.Success && !connection.IsReset)
            throw new ConnectionException(connection.Side, connection.Failure);
    }
}
