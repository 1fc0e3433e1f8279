using System.IO.Pipelines;
using System.Threading.Tasks.Sources;

namespace LbTcp.Connections;

/// <summary>
/// One direction of a relay: moves bytes from a source to a destination until the source's FIN, and counts them. It is its own
/// completion, since every object counts in an idle connection. It is no task: on a thread with a <see cref="SynchronizationContext"/>
/// a task runs continuations that do not ask for the context on the thread pool (AwaitTaskContinuation.IsValidLocationForInlining), and
/// allocates for those that do.
/// </summary>
/// <param name="race">Is notified of the end; may be null.</param>
internal abstract class Transfer(TransferRace? race) : IValueTaskSource
{
    /// <summary>The number of bytes after which a transfer that never had to wait lets the other work of its thread run.</summary>
    public const int BytesPerTurn = 512 * 1024;

    private ManualResetValueTaskSourceCore<bool> _completion;
    private long _bytesReceived;
    private long _bytesSent;

    /// <summary>Bytes taken from the source so far. May be read from any thread.</summary>
    public long BytesReceived => Volatile.Read(ref _bytesReceived);

    /// <summary>Bytes handed to the destination so far. May be read from any thread.</summary>
    public long BytesSent => Volatile.Read(ref _bytesSent);

    /// <summary>Whether bytes were received that could not be sent yet. May be read from any thread.</summary>
    public bool HasBytesToDeliver => BytesReceived > BytesSent;

    /// <summary>
    /// Completes after the last byte was handed over; fails with a <see cref="ConnectionException"/> when one of the two connections
    /// failed. May be awaited repeatedly, by one at a time; continues where the transfer ended, which is on the thread of the connections.
    /// </summary>
    public ValueTask Completion => new(this, _completion.Version);

    /// <summary>Starts to copy between two connections, without their pipes where these were not used and are not needed.</summary>
    public static Transfer Begin(IConnection source, IConnection destination, TransferRace? race) =>
        (source as ITransferSource)?.TryBeginTransfer(destination, race) ?? Begin(source.Input, destination.Output, race);

    /// <summary>Starts to copy, on the fastest way that there is between the two.</summary>
    public static Transfer Begin(PipeReader source, PipeWriter destination, TransferRace? race = null) =>
        (source as ConnectionPipeReader)?.TryBeginTransfer(destination, race) ?? PipeTransfer.Begin(source, destination, race);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _completion.GetStatus(token);

    void IValueTaskSource.GetResult(short token) => _ = _completion.GetResult(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _completion.OnCompleted(continuation, state, token, flags);

    /// <summary>Counts bytes taken from the source. On one thread at a time, as all that follows.</summary>
    protected void CountReceived(long bytes) => Volatile.Write(ref _bytesReceived, _bytesReceived + bytes);

    /// <summary>Counts bytes handed to the destination.</summary>
    protected void CountSent(long bytes) => Volatile.Write(ref _bytesSent, _bytesSent + bytes);

    /// <summary>Ends the transfer in order.</summary>
    protected void Complete()
    {
        _completion.SetResult(true);
        race?.OnEnded(this);
    }

    /// <summary>Ends the transfer with a failure.</summary>
    protected void Fail(Exception exception)
    {
        _completion.SetException(exception);
        race?.OnEnded(this);
    }
}
