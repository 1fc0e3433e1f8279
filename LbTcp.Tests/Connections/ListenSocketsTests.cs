using System.Net;
using System.Net.Sockets;
using LbTcp.Connections;

namespace LbTcp.Tests.Connections;

public class ListenSocketsTests
{
    private static readonly IPEndPoint _anyFreePort = new(IPAddress.Loopback, 0);

    [Fact]
    public async Task Open_SeveralAddresses_AllAccept()
    {
        using var sockets = ListenSockets.Open([_anyFreePort, _anyFreePort]);
        Assert.Equal(2, sockets.Listeners.Count);
        foreach (TcpListener listener in sockets.Listeners)
        {
            using var client = new TcpClient();
            await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
            using Socket accepted = await listener.AcceptSocketAsync();
            Assert.Equal(((IPEndPoint)client.Client.LocalEndPoint!).Unmapped(), accepted.RemoteEndPoint);
        }
    }

    [SkippableFact]
    public async Task Open_IPv6Any_AcceptsIPv4AndIPv6()
    {
        Skip.IfNot(Socket.OSSupportsIPv6, "this system has no IPv6");
        using var sockets = ListenSockets.Open([new IPEndPoint(IPAddress.IPv6Any, 0)]);
        int port = ((IPEndPoint)sockets.Listeners[0].LocalEndpoint).Port;
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
        var taken = (IPEndPoint)first.Listeners[0].LocalEndpoint;
        var exception = Assert.Throws<ListenException>(() => ListenSockets.Open([_anyFreePort, taken]));
        Assert.Equal($"Cannot listen on {taken}: the port is in use by another program.", exception.Message);
    }

    [Fact]
    public void Open_AddressOfAnotherHost_Throws()
    {
        var endPoint = new IPEndPoint(IPAddress.Parse("203.0.113.77"), 0); // RFC 5737: nobody's
        var exception = Assert.Throws<ListenException>(() => ListenSockets.Open([endPoint]));
        Assert.Equal($"Cannot listen on {endPoint}: this host does not have the address.", exception.Message);
    }

    // The closed connection lingers in TIME_WAIT on the listener's side; a restart must not wait for it.
    [Fact]
    public async Task Open_PortWithConnectionsInTimeWait_Works()
    {
        IPEndPoint endPoint;
        using (var first = ListenSockets.Open([_anyFreePort]))
        {
            endPoint = (IPEndPoint)first.Listeners[0].LocalEndpoint;
            using var client = new TcpClient();
            await client.ConnectAsync(endPoint);
            (await first.Listeners[0].AcceptSocketAsync()).Dispose();
            Assert.Equal(0, await client.GetStream().ReadAsync(new byte[1]));
        }

        using var second = ListenSockets.Open([endPoint]);
        Assert.Equal(endPoint, second.Listeners[0].LocalEndpoint);
    }

    [Fact]
    public async Task Dispose_Port_RefusesConnections()
    {
        var sockets = ListenSockets.Open([_anyFreePort]);
        EndPoint endPoint = sockets.Listeners[0].LocalEndpoint;
        sockets.Dispose();
        sockets.Dispose();
        using var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
        var exception = await Assert.ThrowsAsync<SocketException>(() => client.ConnectAsync(endPoint));
        Assert.Equal(SocketError.ConnectionRefused, exception.SocketErrorCode);
    }
}
