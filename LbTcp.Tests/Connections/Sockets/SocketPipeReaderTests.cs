using System.IO.Pipelines;
using System.Net.Sockets;
using LbTcp.Connections.Sockets;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Connections.Sockets;

public sealed class SocketPipeReaderTests
{
    // Whoever never has to wait would keep the thread, which others need as well, to itself.
    [Fact]
    public async Task ReadAsync_ThereIsAlwaysMore_LetsOthersRunNowAndThen()
    {
        const int Length = 64 * 1024 * 1024;
        using TcpListener listener = RawSockets.Listen();
        using Socket peer = await RawSockets.ConnectAsync(listener.EndPoint());
        await using var connection = new SocketConnection(await listener.AcceptSocketAsync(), listener.EndPoint());
        Task sending = Task.Run(() => peer.SendNoiseAsync(seed: 1, Length));

        long longestTurn = 0;
        long turn = 0;
        for (long left = Length; left > 0;)
        {
            ValueTask<ReadResult> read = connection.Input.ReadAsync();
            turn = read.IsCompleted ? turn : 0;
            ReadResult result = await read;
            turn += result.Buffer.Length;
            left -= result.Buffer.Length;
            longestTurn = Math.Max(longestTurn, turn);
            connection.Input.AdvanceTo(result.Buffer.End);
        }

        await sending.Done();
        Assert.InRange(longestTurn, 1, 1024 * 1024);
    }
}
