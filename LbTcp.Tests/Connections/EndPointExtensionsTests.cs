using System.Net;
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
}
