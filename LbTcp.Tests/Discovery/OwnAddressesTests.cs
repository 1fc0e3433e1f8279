using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using LbTcp.Configuration;
using LbTcp.Discovery;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Time.Testing;

namespace LbTcp.Tests.Discovery;

public class OwnAddressesTests
{
    private static readonly HashSet<IPAddress> _hostAddresses =
        [IPAddress.Loopback, IPAddress.IPv6Loopback, IPAddress.Parse("10.0.0.5"), IPAddress.Parse("fd00::5")];

    [Fact]
    public void AddLasting_ServicesListenElsewhere_IsKept()
    {
        var own = new OwnAddresses();
        own.Replace([IPEndPoint.Parse("127.0.0.1:80")]);

        own.AddLasting([IPEndPoint.Parse("127.0.0.1:9900")]);
        Assert.True(own.Contains(IPEndPoint.Parse("127.0.0.1:80")));
        own.Replace([IPEndPoint.Parse("127.0.0.1:81")]);

        Assert.True(own.Contains(IPEndPoint.Parse("127.0.0.1:9900")));
        Assert.False(own.Contains(IPEndPoint.Parse("127.0.0.1:80")));
    }

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
        var own = new OwnAddresses(() => _hostAddresses, TimeProvider.System);
        own.Replace([IPEndPoint.Parse("[::]:80"), new UnixEndPoint("/run/a")]);
        Assert.Equal(isOwn, own.Contains(new UnixEndPoint(dialled)));
    }

    [SkippableTheory]
    [InlineData("x/a.sock", false, true)]
    [InlineData("x/./a.sock", true, true)]
    [InlineData("linked/a.sock", false, true)]
    [InlineData("linked/a.sock", true, true)]
    [InlineData("z/../x/a.sock", false, true)]
    [InlineData("link", false, true)]
    [InlineData("link", true, true)]
    [InlineData("hardlink", true, true)]
    [InlineData("z/a.sock", false, false)]
    [InlineData("z/a.sock", true, false)]
    [InlineData("x/b.sock", true, false)]
    [InlineData("missing/a.sock", true, false)]
    public void Contains_UnixSocketByAnotherPath_IsOwnIfItIsTheSameFile(string dialled, bool exists, bool isOwn)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "skipped: not Linux");
        using var directory = new TemporaryDirectory();
        string path = directory["x/a.sock"];
        foreach (string name in new[] { "x", "z" })
            _ = Directory.CreateDirectory(directory[name]);
        _ = Directory.CreateSymbolicLink(directory["linked"], directory["x"]);
        _ = File.CreateSymbolicLink(directory["link"], "linked/a.sock");
        File.WriteAllText(directory["x/b.sock"], "");
        File.WriteAllText(directory["z/a.sock"], "");
        using Socket? listener = exists ? RawSockets.ListenAt(new UnixEndPoint(path)) : null;
        if (dialled == "hardlink")
            Process.Start("ln", [path, directory[dialled]]).WaitForExit();
        var own = new OwnAddresses(() => _hostAddresses, TimeProvider.System);
        own.Replace([new UnixEndPoint(path)]);

        Assert.Equal(isOwn, own.Contains(new UnixEndPoint(directory[dialled])));
    }

    [Fact]
    public void ReadHostAddresses_AnyHost_HasLoopback() => Assert.Contains(IPAddress.Loopback, OwnAddresses.ReadHostAddresses());

    [Fact]
    public void Contains_AddressMovesToThisHost_IsTrueAfterAWhile()
    {
        var time = new FakeTimeProvider();
        HashSet<IPAddress> addresses = [];
        var own = new OwnAddresses(() => addresses, time);
        own.Replace([IPEndPoint.Parse("[::]:80")]);
        Assert.False(own.Contains(IPEndPoint.Parse("10.0.0.9:80")));

        addresses = [IPAddress.Parse("10.0.0.9")];
        time.Advance(TimeSpan.FromSeconds(5));

        Assert.True(own.Contains(IPEndPoint.Parse("10.0.0.9:80")));
    }

    [Fact]
    public void Refresh_AddressesOfTheHostChange_IsAnotherVersionAndTheSameIsNot()
    {
        var time = new FakeTimeProvider();
        HashSet<IPAddress> addresses = [IPAddress.Parse("10.0.0.5")];
        var own = new OwnAddresses(() => addresses.ToHashSet(), time);
        own.Replace([IPEndPoint.Parse("0.0.0.0:80")]);
        own.Refresh();
        int version = own.Version;

        time.Advance(TimeSpan.FromSeconds(5));
        own.Refresh();
        Assert.Equal(version, own.Version);
        _ = addresses.Add(IPAddress.Parse("10.0.0.9"));
        own.Refresh();
        Assert.Equal(version, own.Version); // not old enough
        time.Advance(TimeSpan.FromSeconds(5));
        own.Refresh();

        Assert.NotEqual(version, own.Version);
    }

    [Fact]
    public void Replace_OtherListeners_CountFromThenOn()
    {
        var own = new OwnAddresses(() => _hostAddresses, TimeProvider.System);
        own.Replace([IPEndPoint.Parse("127.0.0.1:80")]);
        int version = own.Version;

        own.Replace([IPEndPoint.Parse("127.0.0.1:81")]);

        Assert.NotEqual(version, own.Version);
        Assert.False(own.Contains(IPEndPoint.Parse("127.0.0.1:80")));
        Assert.True(own.Contains(IPEndPoint.Parse("127.0.0.1:81")));
    }

    private static bool Contains(string listen, string dialled)
    {
        var own = new OwnAddresses(() => _hostAddresses, TimeProvider.System);
        own.Replace([IPEndPoint.Parse(listen)]);
        return own.Contains(IPEndPoint.Parse(dialled));
    }
}
