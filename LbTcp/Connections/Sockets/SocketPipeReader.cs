using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace LbTcp.Connections.Sockets;

/// <summary>Receives from a managed socket.</summary>
internal sealed class SocketPipeReader(SocketConnection connection, Socket socket) : ConnectionPipeReader
{
    // The number of receives, of 64 KB at most, after which a reader that may never have had to wait lets the other work of its thread run.
    private const int LongestTurn = 16;

    private uint _turn;

    protected override ConnectionException Fail(SocketError error) => connection.Fail(error);

    // A receive without a buffer completes when there is something to receive.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    protected override async ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        try
        {
            _ = await socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None, cancellationToken);
        }
        catch (Exception exception) when (connection.TryFail(exception, out ConnectionException? failure))
        {
            throw failure;
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    protected override async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            int received = await socket.ReceiveAsync(buffer, SocketFlags.None, cancellationToken);
            if (received == 0)
                ThrowUnlessFin();
            if (++_turn % LongestTurn == 0)
                await Task.Yield();

            return received;
        }
        catch (Exception exception) when (connection.TryFail(exception, out ConnectionException? failure))
        {
            throw failure;
        }
    }

    // A write that failed with ECONNRESET took the error with it, and a read then reports an end of stream that never was. As long as no
    // FIN was sent, only a torn-down connection is in state CLOSE. Asked in this order: FIN may go out at this very moment.
    private void ThrowUnlessFin()
    {
        if (connection.Failure is not SocketError.Success and SocketError failure)
            throw connection.Fail(failure);
        if (TcpInfo.TryRead(socket, out TcpInfo info) && info.IsClosed && !connection.IsOutputCompleted)
            throw connection.Fail(SocketError.ConnectionReset);
    }
}
