using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace LbTcp.Connections.Linux;

/// <summary>Receives on a reactor's thread; copies to another connection of the same reactor without a buffer of its own.</summary>
internal sealed class EpollPipeReader(StreamSocket socket) : ConnectionPipeReader
{
    /// <summary>Copies until the peer's FIN, on the fast way where there is one.</summary>
    public override Task CopyToAsync(PipeWriter destination, CancellationToken cancellationToken = default) =>
        !cancellationToken.CanBeCanceled && TryBeginTransfer(destination, race: null) is { } transfer
            ? transfer.Completion.AsTask()
            : base.CopyToAsync(destination, cancellationToken);

    /// <summary>The fast way exists between two connections of one reactor. What was received and not consumed goes first.</summary>
    public override Transfer? TryBeginTransfer(PipeWriter destination, TransferRace? race)
    {
        if (destination is not EpollPipeWriter writer || writer.Socket.Home != socket.Home)
            return null;
        var transfer = new EpollTransfer(socket, writer.Socket, race);
        ReadOnlySequence<byte> unconsumed = Unconsumed();
        if (!unconsumed.IsEmpty)
        {
            transfer.Prepend(unconsumed);
            AdvanceTo(unconsumed.End);
        }

        transfer.Start(writer);
        return transfer;
    }

    protected override ConnectionException Fail(SocketError error)
    {
        socket.InterruptWrite(); // a pending write has to find it
        return socket.Fail(error);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    protected override async ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        await socket.Home.Reactor.EnterAsync();
        using CancellationTokenRegistration registration = CancelOn(cancellationToken);
        await socket.ReadableAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    protected override async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        await socket.Home.Reactor.EnterAsync();
        using CancellationTokenRegistration registration = CancelOn(cancellationToken);
        while (true)
        {
            await socket.ReadableAsync();
            cancellationToken.ThrowIfCancellationRequested();
            int received = socket.Receive(buffer.Span);
            if (received >= 0)
                return received;
        }
    }

    private CancellationTokenRegistration CancelOn(CancellationToken cancellationToken) =>
        cancellationToken.UnsafeRegister(static state => ((ReactorSocket)state!).InterruptRead(), socket);
}
