using System.Net;
using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Connections.Sockets;

namespace LbTcp.Tests.Connections.Sockets;

public class SocketConnectorTests
{
    [Fact]
    public async Task ConnectAsync_NoUnixSocket_AllocatesNothingForOne()
    {
        var connector = new SocketConnector(new TransportOptions());
        var endPoint = new DnsEndPoint("a", 80);
        _ = await connector.ConnectAsync(endPoint, null, CancellationToken.None);

        long before = GC.GetAllocatedBytesForCurrentThread();
        ValueTask<ConnectionResult> dial = connector.ConnectAsync(endPoint, null, CancellationToken.None);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Null((await dial).Connection);
        Assert.Equal(0, allocated);
    }
}
