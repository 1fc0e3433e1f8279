using System.Net;
using System.Text;
using LbTcp.Configuration;

namespace LbTcp.Tests.Configuration;

public class UnixEndPointTests
{
    [Theory]
    [InlineData("/run/web.sock", "/run/web.sock\0")]
    [InlineData("@name", "\0name")]
    public void Serialize_Address_IsAsTheSystemReadsItAndReadBack(string path, string expected)
    {
        var endPoint = new UnixEndPoint(path);
        SocketAddress serialized = endPoint.Serialize();

        Assert.Equal(expected, Encoding.UTF8.GetString(serialized.Buffer.Span[2..serialized.Size]));
        Assert.Equal(endPoint, endPoint.Create(serialized));
    }

    [Fact]
    public void Create_NoPath_IsUnnamed()
    {
        var unnamed = (UnixEndPoint)new UnixEndPoint("/a").Create(new SocketAddress(System.Net.Sockets.AddressFamily.Unix, 2));

        Assert.True(unnamed.IsUnnamed);
        Assert.Equal("unix:", unnamed.ToString());
    }

    [Fact]
    public void Equals_Path_CountsAlone()
    {
        var access = new UnixFileAccess { Owner = "root" };
        Assert.Equal(new UnixEndPoint("/a", access), new UnixEndPoint("/a"));
        Assert.NotEqual(new UnixEndPoint("/a"), new UnixEndPoint("/b"));
    }
}
