using System.Net;
using System.Net.Sockets;
using LbTcp.Connections;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Connections;

/// <summary>What <see cref="IConnectionListener"/> promises, asked of every transport over the loopback.</summary>
public sealed class ListenerContractTests
{
    [Theory]
    [MemberData(nameof(Transports.All), MemberType = typeof(Transports))]
    public async Task AcceptAsync_ClientsHaveResetAlready_GoesOnToTheNext(string transportName)
    {
        using ITransport transport = Transports.Create(transportName);
        TcpListener listener = RawSockets.Listen();
        using IConnectionListener accepting = transport.Listen(listener)[0];
        for (int i = 0; i < 50; i++)
            (await RawSockets.ConnectAsync(listener.EndPoint())).Reset();
        using Socket last = await RawSockets.ConnectAsync(listener.EndPoint());

        IConnection? client = null;
        while (!last.LocalEndPoint!.Equals(client?.RemoteEndPoint))
        {
            if (client is not null)
                await client.DisposeAsync();
            client = (await accepting.AcceptAsync(CancellationToken.None).AsTask().Done()).Connection;
        }

        await client.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Transports.All), MemberType = typeof(Transports))]
    public async Task AcceptAsync_Cancelled_IsAborted(string transportName)
    {
        using ITransport transport = Transports.Create(transportName);
        using IConnectionListener accepting = transport.Listen(RawSockets.Listen())[0];
        using var stopping = new CancellationTokenSource();

        Task<AcceptResult> accept = accepting.AcceptAsync(stopping.Token).AsTask();
        Assert.False(accept.IsCompleted);
        await stopping.CancelAsync();

        Assert.Equal(new AcceptResult(null, SocketError.OperationAborted), await accept.Done());
    }

    [Theory]
    [MemberData(nameof(Transports.All), MemberType = typeof(Transports))]
    public async Task AcceptAsync_IPv4ClientOfADualStackSocket_IsShownAsIPv4(string transportName)
    {
        if (!Socket.OSSupportsIPv6)
            return;
        using ITransport transport = Transports.Create(transportName);
        var listener = new TcpListener(IPAddress.IPv6Any, 0);
        listener.Server.DualMode = true;
        listener.Start();
        using IConnectionListener accepting = transport.Listen(listener)[0];
        using Socket peer = await RawSockets.ConnectAsync(new IPEndPoint(IPAddress.Loopback, listener.EndPoint().Port));

        AcceptResult accepted = await accepting.AcceptAsync(CancellationToken.None).AsTask().Done();

        Assert.Equal(peer.LocalEndPoint, accepted.Connection?.RemoteEndPoint);
        await accepted.Connection!.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Transports.All), MemberType = typeof(Transports))]
    public async Task Dispose_Listening_ClosesThePort(string transportName)
    {
        using ITransport transport = Transports.Create(transportName);
        TcpListener listener = RawSockets.Listen();
        IPEndPoint endPoint = listener.EndPoint();
        IReadOnlyList<IConnectionListener> listeners = transport.Listen(listener);

        foreach (IConnectionListener accepting in listeners)
            accepting.Dispose();

        SocketException refused = await Assert.ThrowsAsync<SocketException>(() => RawSockets.ConnectAsync(endPoint));
        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
    }
}
