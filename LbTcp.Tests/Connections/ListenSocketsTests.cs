using System.Net;
using System.Net.Sockets;
using LbTcp.Connections;

namespace LbTcp.Tests.Connections;

public class ListenSocketsTests
{
    private static readonly IPEndPoint _anyFreePort = new(IPAddress.Loopback, 0);

    // An address of this test alone: a port that it has closed is not taken by a connection of another test, which is from 127.0.0.1.
    private static readonly IPEndPoint _ownFreePort = new(IPAddress.Parse("127.0.77.1"), 0);

    [Fact]
    public async Task Open_SeveralAddresses_AllAccept()
    {
        using var sockets = ListenSockets.Open([_anyFreePort, _anyFreePort]);
        Assert.Equal(2, sockets.All.Count);
        foreach (ListenSocket listener in sockets.All)
        {
            using var client = new TcpClient();
            await client.ConnectAsync((IPEndPoint)listener.LocalEndPoint);
            using Socket accepted = await listener.AcceptAsync(default);
            Assert.Equal(((IPEndPoint)client.Client.LocalEndPoint!).Unmapped(), accepted.RemoteEndPoint);
        }
    }

    [SkippableFact]
    public async Task Open_IPv6Any_AcceptsIPv4AndIPv6()
    {
        Skip.IfNot(Socket.OSSupportsIPv6, "this system has no IPv6");
        using var sockets = ListenSockets.Open([new IPEndPoint(IPAddress.IPv6Any, 0)]);
        int port = ((IPEndPoint)sockets.All[0].LocalEndPoint).Port;
        foreach (IPAddress address in new[] { IPAddress.Loopback, IPAddress.IPv6Loopback })
        {
            using var client = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            await client.ConnectAsync(address, port);
        }
    }

    [Fact]
    public void Open_PortInUse_ThrowsAndKeepsNoOtherPort()
    {
        using var first = ListenSockets.Open([_anyFreePort]);
        var taken = (IPEndPoint)first.All[0].LocalEndPoint;
        var exception = Assert.Throws<ListenException>(() => ListenSockets.Open([_anyFreePort, taken]));
        Assert.Equal($"Cannot listen on {taken}: the port is in use by another program.", exception.Message);
    }

    [Fact]
    public void Open_TheSecondPortIsInUse_ClosesTheFirst()
    {
        using var first = ListenSockets.Open([_anyFreePort]);
        EndPoint free;
        using (var second = ListenSockets.Open([_ownFreePort]))
            free = second.All[0].LocalEndPoint;
        _ = Assert.Throws<ListenException>(() => ListenSockets.Open([free, first.All[0].LocalEndPoint]));

        using var again = ListenSockets.Open([free]);
    }

    [Fact]
    public void Dispose_Open_FiresClosed()
    {
        var sockets = ListenSockets.Open([_anyFreePort]);
        CancellationToken closed = sockets.All[0].Closed;
        Assert.False(closed.IsCancellationRequested);

        sockets.Dispose();

        Assert.True(closed.IsCancellationRequested);
    }

    [Fact]
    public void Open_AddressOfAnotherHost_Throws()
    {
        var endPoint = new IPEndPoint(IPAddress.Parse("203.0.113.77"), 0); // RFC 5737: nobody's
        var exception = Assert.Throws<ListenException>(() => ListenSockets.Open([endPoint]));
        Assert.Equal($"Cannot listen on {endPoint}: this host does not have the address.", exception.Message);
    }

    [Fact]
    public void Open_AddressOfAnUnknownKind_Throws()
    {
        var exception = Assert.Throws<ListenException>(() => ListenSockets.Open([new DnsEndPoint("a", 80)]));
        Assert.Equal("Cannot listen on Unspecified/a:80: address family not supported.", exception.Message);
    }

    [Fact]
    public void Adopt_NoListeningSocket_ThrowsAndLeavesItOpen()
    {
        using var bound = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        bound.Bind(_anyFreePort);

        var exception = Assert.Throws<ListenException>(() => ListenSocket.Adopt((int)bound.Handle));

        Assert.Equal($"Cannot listen on the inherited descriptor {bound.Handle}: the socket does not listen.", exception.Message);
        bound.Listen();
    }

    // The closed connection lingers in TIME_WAIT on the listener's side; a restart must not wait for it.
    [Fact]
    public async Task Open_PortWithConnectionsInTimeWait_Works()
    {
        IPEndPoint endPoint;
        using (var first = ListenSockets.Open([_ownFreePort]))
        {
            endPoint = (IPEndPoint)first.All[0].LocalEndPoint;
            using var client = new TcpClient();
            await client.ConnectAsync(endPoint);
            (await first.All[0].AcceptAsync(default)).Dispose();
            Assert.Equal(0, await client.GetStream().ReadAsync(new byte[1]));
        }

        using var second = ListenSockets.Open([endPoint]);
        Assert.Equal(endPoint, second.All[0].LocalEndPoint);
    }

    [Fact]
    public async Task Dispose_Port_RefusesConnections()
    {
        var sockets = ListenSockets.Open([_anyFreePort]);
        EndPoint endPoint = sockets.All[0].LocalEndPoint;
        sockets.Dispose();
        sockets.Dispose();
        using var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
        var exception = await Assert.ThrowsAsync<SocketException>(() => client.ConnectAsync(endPoint));
        Assert.Equal(SocketError.ConnectionRefused, exception.SocketErrorCode);
    }
}
