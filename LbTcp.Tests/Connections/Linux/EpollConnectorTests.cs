using System.Net;
using LbTcp.Connections;

namespace LbTcp.Tests.Connections.Linux;

public sealed class EpollConnectorTests
{
    [SkippableFact]
    public async Task ConnectAsync_NoUnixSocket_AllocatesNothingForOne()
    {
        await using var fixture = new ReactorFixture();
        var endPoint = new IPEndPoint(IPAddress.Loopback, 1);
        var cancelled = new CancellationToken(canceled: true);
        long allocated = -1;

        await fixture.RunAsync(async () =>
        {
            _ = await fixture.Connector.ConnectAsync(endPoint, null, cancelled);
            long before = GC.GetAllocatedBytesForCurrentThread();
            ValueTask<ConnectionResult> dial = fixture.Connector.ConnectAsync(endPoint, null, cancelled);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.Null((await dial).Connection);
        });

        Assert.Equal(0, allocated);
    }
}
