using System.Net;
using System.Net.Sockets;
using LbTcp.Backends;

namespace LbTcp.Tests.Backends;

public class HostEndPointsTests
{
    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1:80")]
    [InlineData("::1", "[::1]:80")]
    [InlineData("::ffff:10.0.0.1", "10.0.0.1:80")]
    public async Task Constructor_Address_IsKnownAtOnceAndForEver(string host, string expected)
    {
        var endPoints = new HostEndPoints(host, 80);
        Assert.False(endPoints.IsName);
        IPEndPoint[] known = endPoints.Current;
        Assert.Equal(expected, Assert.Single(known).ToString());
        Assert.Equal(SocketError.Success, await endPoints.RefreshAsync());
        Assert.Same(known, endPoints.Current);
    }

    [Fact]
    public async Task RefreshAsync_Name_IsResolved()
    {
        var endPoints = new HostEndPoints("localhost", 80);
        Assert.True(endPoints.IsName);
        Assert.Empty(endPoints.Current);
        Assert.Equal(SocketError.Success, await endPoints.RefreshAsync());
        Assert.NotEmpty(endPoints.Current);
        Assert.All(endPoints.Current, endPoint => Assert.True(IPAddress.IsLoopback(endPoint.Address) && endPoint.Port == 80));
    }

    [Theory]
    [InlineData("no-such-host.invalid")] // RFC 2606: never resolves
    [InlineData("a..b")]
    public async Task RefreshAsync_NameThatDoesNotResolve_SaysSoAndKeepsWhatIsKnown(string host)
    {
        var endPoints = new HostEndPoints(host, 80);
        Assert.NotEqual(SocketError.Success, await endPoints.RefreshAsync());
        Assert.Empty(endPoints.Current);
    }

    [Fact]
    public async Task RefreshAsync_ManyCallersAtOnce_AllGetAnAnswer()
    {
        var endPoints = new HostEndPoints("localhost", 80);
        SocketError[] errors = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(endPoints.RefreshAsync)));
        Assert.All(errors, error => Assert.Equal(SocketError.Success, error));
    }
}
