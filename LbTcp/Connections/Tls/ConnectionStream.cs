using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace LbTcp.Connections.Tls;

/// <summary>
/// The pipes of a connection as the stream that TLS runs over. Writes stay in the memory of the output until it is flushed: they complete
/// at once, so that encryption never continues on another thread, and several records are sent together.
/// </summary>
internal sealed class ConnectionStream(IConnection connection) : Stream
{
    private readonly TlsRecords _records = new();

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

    /// <summary>Whether there is another record to read at once.</summary>
    public bool HasRecord { get; private set; }

    /// <summary>Whether a read may wait; otherwise it fails with a <see cref="NothingReceivedException"/> instead.</summary>
    public bool MayWait { get; set; } = true;

    /// <summary>Reads whole records; without a buffer it waits until there is one.</summary>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (connection.Input.TryRead(out ReadResult result) && TryTake(result, buffer, out int read))
        {
            Handshake?.Count(read);
            return ValueTask.FromResult(read);
        }

        if (!MayWait)
            return ValueTask.FromException<int>(new NothingReceivedException());
        return Handshake is { } handshake
            ? ReadInHandshakeAsync(handshake, buffer, cancellationToken)
            : WaitAndReadAsync(buffer, cancellationToken);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    /// <summary>Adds to the memory of the output. The framework writes a last alert in this way.</summary>
    public override void Write(ReadOnlySpan<byte> buffer) => connection.Output.Write(buffer);

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Not supported, as all that follow: nothing here may block.</summary>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
        // The owner of the output flushes, and a handshake before it waits for its peer.
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
            int read;
            while (!TryTake(await connection.Input.ReadAsync(cancellationToken).ConfigureAwait(false), buffer, out read))
            {
                // Only a part of a record has arrived.
            }

            return read;
        }
        finally
        {
            Gate.Enter();
        }
    }

    private async ValueTask<int> ReadInHandshakeAsync(TlsHandshake handshake, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        handshake.Pause();
        _ = await connection.Output.FlushAsync(cancellationToken).ConfigureAwait(false);
        int read;
        while (!TryTake(await connection.Input.ReadAsync(cancellationToken).ConfigureAwait(false), buffer, out read))
        {
            // As above.
        }

        await handshake.ContinueAsync(read, cancellationToken).ConfigureAwait(false);
        return read;
    }

    private bool TryTake(ReadResult result, Memory<byte> buffer, out int read)
    {
        ReadOnlySequence<byte> received = result.Buffer;
        read = buffer.IsEmpty ? 0 : _records.Take(received, buffer.Length);
        if (read == 0 && result.IsCompleted)
        {
            read = (int)Math.Min(received.Length, buffer.Length); // the beginning of a record, in vain
            SawFin |= received.IsEmpty && !buffer.IsEmpty;
        }

        ReadOnlySequence<byte> taken = received.Slice(0, read);
        taken.CopyTo(buffer.Span);
        HasRecord = _records.HasNext(received.Slice(read));
        bool isWaiting = read == 0 && !result.IsCompleted && !HasRecord;
        connection.Input.AdvanceTo(taken.End, isWaiting ? received.End : taken.End);
        return !isWaiting;
    }

    /// <summary>A read would have had to wait.</summary>
    public sealed class NothingReceivedException : IOException;
}
