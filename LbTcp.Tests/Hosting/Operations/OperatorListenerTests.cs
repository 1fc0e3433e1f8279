using System.Net;
using System.Net.Sockets;
using LbTcp.Configuration;
using LbTcp.Diagnostics;
using LbTcp.Hosting.Operations;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Hosting.Operations;

public sealed class OperatorListenerTests : IDisposable
{
    private readonly LogRecorder<OperatorListener> _log = new();
    private readonly List<Socket> _sockets = [];

    public void Dispose() => _sockets.ForEach(socket => socket.Dispose());

    [Fact]
    public async Task AcceptAsync_AboveTheLimit_ClosesAtOnceAndHoldsNoDescriptor()
    {
        using OperatorListener listener = Open();
        Socket[] accepted = new Socket[OperatorListener.MaxConnections];
        for (int i = 0; i < accepted.Length; i++)
        {
            _ = await ConnectAsync(listener);
            accepted[i] = await AcceptAsync(listener);
        }

        Task<Socket> next = AcceptAsync(listener);
        for (int i = 0; i < 20; i++)
        {
            Socket refused = await ConnectAsync(listener);
            Assert.Equal(0, await refused.ReceiveAsync(new byte[1]).Done());
        }

        Assert.False(next.IsCompleted);
        _ = _log.Single(EventIds.AdminLimitReached);

        accepted[5].Dispose();
        Socket admitted = await ConnectAsync(listener);
        Assert.Equal(admitted.LocalEndPoint, (await next.Done()).RemoteEndPoint);
    }

    [Fact]
    public async Task Dispose_PendingAccept_EndsItWithoutAWarning()
    {
        for (int i = 0; i < 200; i++)
        {
            OperatorListener listener = Open();
            Task<(Socket Socket, Requester Requester)?> pending = listener.AcceptAsync(CancellationToken.None);
            listener.Dispose();
            Assert.Null(await pending.Done());
        }

        Assert.Empty(_log.Records);
    }

    private OperatorListener Open() => OperatorListener.Open(new ListenAddress("127.0.0.1", 0), TimeProvider.System, _log);

    private async Task<Socket> AcceptAsync(OperatorListener listener)
    {
        Socket socket = (await listener.AcceptAsync(CancellationToken.None))!.Value.Socket;
        _sockets.Add(socket);
        return socket;
    }

    private async Task<Socket> ConnectAsync(OperatorListener listener)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _sockets.Add(socket);
        await socket.ConnectAsync((IPEndPoint)listener.LocalEndPoint);
        return socket;
    }
}
