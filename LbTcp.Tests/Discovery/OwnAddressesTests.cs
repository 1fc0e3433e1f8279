using System.Net;
using LbTcp.Configuration;
using LbTcp.Discovery;

namespace LbTcp.Tests.Discovery;

public class OwnAddressesTests
{
    private static readonly HashSet<IPAddress> _hostAddresses =
        [IPAddress.Loopback, IPAddress.IPv6Loopback, IPAddress.Parse("10.0.0.5"), IPAddress.Parse("fd00::5")];

    [Theory]
    [InlineData("127.0.0.1:80", "127.0.0.1:80")]
    [InlineData("127.0.0.1:80", "0.0.0.0:80")] // dialling the wildcard reaches loopback
    [InlineData("[::1]:80", "[::1]:80")]
    [InlineData("[::1]:80", "[::]:80")]
    [InlineData("10.0.0.5:80", "10.0.0.5:80")]
    [InlineData("0.0.0.0:80", "127.0.0.1:80")]
    [InlineData("0.0.0.0:80", "127.0.0.2:80")]
    [InlineData("0.0.0.0:80", "10.0.0.5:80")]
    [InlineData("0.0.0.0:80", "0.0.0.0:80")]
    [InlineData("[::]:80", "127.0.0.1:80")]
    [InlineData("[::]:80", "[::1]:80")]
    [InlineData("[::]:80", "10.0.0.5:80")]
    [InlineData("[::]:80", "[fd00::5]:80")]
    [InlineData("[::]:80", "[::]:80")]
    public void Contains_AddressThatReachesTheProgram_IsTrue(string listen, string dialled) => Assert.True(Contains(listen, dialled));

    [Theory]
    [InlineData("127.0.0.1:80", "127.0.0.1:81")]
    [InlineData("127.0.0.1:80", "127.0.0.2:80")]
    [InlineData("127.0.0.1:80", "[::1]:80")]
    [InlineData("127.0.0.1:80", "10.0.0.5:80")]
    [InlineData("10.0.0.5:80", "127.0.0.1:80")]
    [InlineData("10.0.0.5:80", "0.0.0.0:80")]
    [InlineData("0.0.0.0:80", "10.0.0.6:80")]
    [InlineData("0.0.0.0:80", "[::1]:80")]
    [InlineData("[::]:80", "10.0.0.6:80")]
    [InlineData("[::]:80", "10.0.0.5:81")]
    public void Contains_AnotherAddress_IsFalse(string listen, string dialled) => Assert.False(Contains(listen, dialled));

    [Theory]
    [InlineData("/run/a", true)]
    [InlineData("/run/b", false)]
    public void Contains_UnixSocket_IsOwnByItsPath(string dialled, bool isOwn)
    {
        var own = new OwnAddresses([IPEndPoint.Parse("[::]:80"), new UnixEndPoint("/run/a")], _hostAddresses);
        Assert.Equal(isOwn, own.Contains(new UnixEndPoint(dialled)));
    }

    [Fact]
    public void ReadHostAddresses_AnyHost_HasLoopback() => Assert.Contains(IPAddress.Loopback, OwnAddresses.ReadHostAddresses());

    private static bool Contains(string listen, string dialled) =>
        new OwnAddresses([IPEndPoint.Parse(listen)], _hostAddresses).Contains(IPEndPoint.Parse(dialled));
}
