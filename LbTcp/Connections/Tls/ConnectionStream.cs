using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace LbTcp.Connections.Tls;

/// <summary>
/// The pipes of a connection as the stream that TLS runs over. Once the handshake has ended, writes stay in the memory of the output until
/// it is flushed: they complete at once, so that encryption never continues on another thread.
/// </summary>
internal sealed class ConnectionStream(IConnection connection) : Stream
{
    /// <summary>The handshake that is under way; null before and after it.</summary>
    public TlsHandshake? Handshake { get; set; }

    /// <summary>Called before a read waits and after it, so that others know when the bytes of the last one are being decrypted.</summary>
    public ReadGate Gate { get; } = new();

    /// <summary>Whether the peer's FIN was read: an end of TLS before it was announced by the peer (close_notify).</summary>
    public bool SawFin { get; private set; }

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Reads what there is; without a buffer it waits until there is something.</summary>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (connection.Input.TryRead(out ReadResult result))
        {
            int read = Take(result, buffer);
            Handshake?.Count(read);
            return ValueTask.FromResult(read);
        }

        return Handshake is { } handshake
            ? ReadInHandshakeAsync(handshake, buffer, cancellationToken)
            : WaitAndReadAsync(buffer, cancellationToken);
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        if (Handshake is not null)
            await FlushAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
    }

    /// <summary>Adds to the memory of the output. The framework writes a last alert in this way.</summary>
    public override void Write(ReadOnlySpan<byte> buffer) => connection.Output.Write(buffer);

    public override Task FlushAsync(CancellationToken cancellationToken) =>
        connection.Output.FlushAsync(cancellationToken).AsTask();

    /// <summary>Not supported, as all that follow: nothing here may block.</summary>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
        // The owner of the output flushes.
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    // Continues where the pipe does, which is where the connection lives: what is decrypted stays on its thread.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> WaitAndReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        Gate.Leave();
        try
        {
            return Take(await connection.Input.ReadAsync(cancellationToken).ConfigureAwait(false), buffer);
        }
        finally
        {
            Gate.Enter();
        }
    }

    private async ValueTask<int> ReadInHandshakeAsync(TlsHandshake handshake, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        handshake.Pause();
        int read = Take(await connection.Input.ReadAsync(cancellationToken).ConfigureAwait(false), buffer);
        await handshake.ContinueAsync(read, cancellationToken).ConfigureAwait(false);
        return read;
    }

    private int Take(ReadResult result, Memory<byte> buffer)
    {
        ReadOnlySequence<byte> taken = result.Buffer.Slice(0, Math.Min(result.Buffer.Length, buffer.Length));
        taken.CopyTo(buffer.Span);
        connection.Input.AdvanceTo(taken.End);
        SawFin |= result.IsCompleted && result.Buffer.IsEmpty && buffer.Length > 0;
        return (int)taken.Length;
    }
}
