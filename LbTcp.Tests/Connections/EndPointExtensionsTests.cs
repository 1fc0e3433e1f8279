using System.Net;
using System.Net.Sockets;
using LbTcp.Connections;

namespace LbTcp.Tests.Connections;

public sealed class EndPointExtensionsTests
{
    [Theory]
    [InlineData("[::ffff:10.0.0.9]:5000", "10.0.0.9:5000")]
    [InlineData("10.0.0.9:5000", "10.0.0.9:5000")]
    [InlineData("[2001:db8::1]:5000", "[2001:db8::1]:5000")]
    public void Unmapped_EndPoint_ShowsIPv4PeersAsIPv4(string endPoint, string expected) =>
        Assert.Equal(expected, IPEndPoint.Parse(endPoint).Unmapped().ToString());

    [Fact]
    public void SourceAddress_EndPoint_IsTheAddressOrThatOfThisHost()
    {
        Assert.Equal(IPAddress.Parse("10.0.0.9"), ((EndPoint)IPEndPoint.Parse("10.0.0.9:5000")).SourceAddress());
        Assert.Equal(IPAddress.Loopback, new UnixDomainSocketEndPoint("/run/a.sock").SourceAddress());
    }
}
