using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using LbTcp.Connections.Sockets;
using LbTcp.Diagnostics;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Connections.Sockets;

public sealed class SocketConnectionTests
{
    // The second FIN closes the connection: a reader that has just seen the first must not take that for a reset.
    [Fact]
    public async Task Input_FinArrivesWhileTheOutputCompletes_IsNoReset()
    {
        using TcpListener listener = RawSockets.Listen();
        await Race.RunAsync(rounds: 3_000, () =>
        {
            var peer = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            peer.Connect(listener.EndPoint());
            var connection = new SocketConnection(listener.AcceptSocket(), ConnectionSide.Client, listener.EndPoint());
            peer.Shutdown(SocketShutdown.Send);
            Task<ReadResult>? read = null;
            return (
                () => read = connection.Input.ReadAsync().AsTask(),
                () =>
                {
                    Thread.SpinWait(Random.Shared.Next(400));
                    connection.Output.Complete();
                },
                async () =>
                {
                    Assert.True((await read!).IsCompleted);
                    peer.Dispose();
                    await connection.DisposeAsync();
                }
            );
        });
    }

    [Fact]
    public async Task RemoteEndPoint_IPv4PeerOfADualStackSocket_IsIPv4()
    {
        (Socket socket, Socket peer) = await ConnectAsync();
        await using var connection = new SocketConnection(socket, ConnectionSide.Client, IPEndPoint.Parse("[::ffff:10.0.0.9]:5000"));
        using (peer)
            Assert.Equal("10.0.0.9:5000", connection.RemoteEndPoint.ToString());
    }

    [Fact]
    public async Task DisposeAsync_Repeatedly_ChangesNothing()
    {
        (Socket socket, Socket peer) = await ConnectAsync();
        var connection = new SocketConnection(socket, ConnectionSide.Client, socket.RemoteEndPoint!);

        await connection.DisposeAsync();
        connection.Abort();
        await connection.DisposeAsync();

        Assert.Equal(SocketError.Success, (await peer.ReceiveToEndAsync()).End);
        Assert.Null(connection.Info);
        peer.Dispose();
    }

    private static async Task<(Socket Socket, Socket Peer)> ConnectAsync()
    {
        using TcpListener listener = RawSockets.Listen();
        Socket peer = await RawSockets.ConnectAsync(listener.EndPoint());
        return (await listener.AcceptSocketAsync(), peer);
    }
}
