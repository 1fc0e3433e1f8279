using System.Buffers;
using System.IO.Pipelines;

namespace LbTcp.Connections.Linux;

/// <summary>Receives on a reactor's thread; copies to another connection of the same reactor without a buffer of its own.</summary>
internal sealed class EpollPipeReader(EpollConnection connection) : ConnectionPipeReader
{
    /// <summary>
    /// Copies until the peer's FIN. Between two connections of one reactor the bytes take the short way; everything else goes through
    /// the pipes.
    /// </summary>
    public override Task CopyToAsync(PipeWriter destination, CancellationToken cancellationToken = default)
    {
        if (destination is not EpollPipeWriter writer || writer.Connection.Reactor != connection.Reactor || cancellationToken.CanBeCanceled)
            return base.CopyToAsync(destination, cancellationToken);
        return HasUnconsumed || writer.UnflushedBytes > 0 || Reactor.Current != connection.Reactor
            ? CopyBufferedAsync(writer)
            : EpollCopy.RunAsync(connection, writer.Connection);
    }

    protected override async ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        await connection.Reactor.EnterAsync();
        using CancellationTokenRegistration registration = CancelOn(cancellationToken);
        await connection.ReadableAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }

    protected override async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        await connection.Reactor.EnterAsync();
        using CancellationTokenRegistration registration = CancelOn(cancellationToken);
        while (true)
        {
            await connection.ReadableAsync();
            cancellationToken.ThrowIfCancellationRequested();
            int received = connection.Receive(buffer.Span);
            if (received >= 0)
                return received;
        }
    }

    private async Task CopyBufferedAsync(EpollPipeWriter writer)
    {
        _ = await writer.FlushAsync();
        if (HasUnconsumed)
        {
            ReadOnlySequence<byte> unconsumed = Unconsumed();
            foreach (ReadOnlyMemory<byte> segment in unconsumed)
                _ = await writer.WriteAsync(segment);
            AdvanceTo(unconsumed.End);
        }

        await connection.Reactor.EnterAsync();
        await EpollCopy.RunAsync(connection, writer.Connection);
    }

    private CancellationTokenRegistration CancelOn(CancellationToken cancellationToken) =>
        cancellationToken.UnsafeRegister(static state => ((EpollConnection)state!).InterruptRead(), connection);
}
