using System.IO.Pipelines;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace LbTcp.Connections.Tls;

/// <summary>Sends through TLS.</summary>
internal sealed class TlsPipeWriter(
    TlsConnection connection, SslStream tls, ConnectionStream stream, TlsPipeReader input, PipeWriter output) : ConnectionPipeWriter
{
    // What is encrypted at a time, so that what waits in memory for a slow peer is bounded: four records of the largest size.
    private const int LargestPiece = 64 * 1024;
    private const int MaxOverhead = 4 * 64;

    private volatile bool _isCompleted;

    public override bool IsCompleted => _isCompleted;

    protected override bool IsAwaitingAcknowledgement => false; // the output below waits

    /// <summary>
    /// Sends close_notify and FIN, so that the peer can tell the end from a truncation; with an error neither, and waits as the connection
    /// below does before it resets that.
    /// </summary>
    public override async ValueTask CompleteAsync(Exception? exception = null)
    {
        if (!_isCompleted && UnflushedBytes > 0)
            _ = await FlushAsync();
        if (_isCompleted || exception is not null)
        {
            await output.CompleteAsync(exception);
            return;
        }

        _isCompleted = true;
        bool mayBeGone = input.SawCloseNotify && !connection.IsReset;
        try
        {
            await CloseNotifyAsync();
            await output.CompleteAsync();
        }
        catch (ConnectionException) when (mayBeGone)
        {
            // A peer that has sent close_notify need not wait for the answer (RFC 8446, section 6.1): its system resets the connection
            // when close_notify arrives, after everything before it.
        }
    }

    // The encrypted bytes stay in the memory of the output below until they are flushed: up to there it is one step of the caller's thread.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    protected override async ValueTask<FlushResult> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        do
        {
            ReadOnlyMemory<byte> piece = bytes[..Math.Min(bytes.Length, LargestPiece)];
            bytes = bytes[piece.Length..];
            await EncryptAsync(piece, cancellationToken);
            _ = await output.FlushAsync(cancellationToken).ConfigureAwait(false); // pooled
        }
        while (bytes.Length > 0);
        return default;
    }

    /// <summary>Not supported: close_notify may have to wait for a read, see <see cref="ReadGate"/>.</summary>
    protected override void Shut() => throw new NotSupportedException();

    protected override void Abort() => connection.Abort();

    protected override ValueTask PauseAsync(TimeSpan pause) => throw new NotSupportedException();

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask EncryptAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (bytes.IsEmpty)
            return;
        _ = output.GetMemory(bytes.Length + MaxOverhead); // at once, instead of moving what is in it with each record
        try
        {
            await tls.WriteAsync(bytes, cancellationToken);
        }
        catch (IOException exception) when (exception is not ConnectionException)
        {
            throw connection.Fail(SocketError.ConnectionReset);
        }
    }

    private async Task CloseNotifyAsync()
    {
        var written = new TaskCompletionSource<Task>(TaskCreationOptions.RunContinuationsAsynchronously);
        stream.Gate.Run(() => written.SetResult(tls.ShutdownAsync()));
        await await written.Task;
    }
}
