using System.Net;
using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Connections.Linux;
using LbTcp.Connections.Sockets;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Connections;

/// <summary>Creates the transports that must pass the same tests.</summary>
internal static class Transports
{
    private const string UnixToTcp = ", unix to tcp";
    private const string TcpToUnix = ", tcp to unix";
    private const string UnixToUnix = ", unix to unix";

    public static TheoryData<string> All => new TransportNames();

    /// <summary>As <see cref="All"/>, and once more with clients that come through a unix socket.</summary>
    public static TheoryData<string> WithUnix => Over("", UnixToTcp);

    /// <summary>As <see cref="All"/>, with every pair of TCP and unix sockets on the sides of clients and backends.</summary>
    public static TheoryData<string> WithUnixOnEitherSide => Over("", UnixToTcp, TcpToUnix, UnixToUnix);

    /// <summary>The transports with clients that come through a unix socket.</summary>
    public static TheoryData<string> UnixOnly => Over(UnixToTcp);

    /// <summary>A free address for the side of the clients.</summary>
    public static EndPoint ClientSide(string name) => name.EndsWith(UnixToTcp, StringComparison.Ordinal)
        || name.EndsWith(UnixToUnix, StringComparison.Ordinal) ? RawSockets.FreeUnix() : new IPEndPoint(IPAddress.Loopback, 0);

    /// <summary>A free address for the side of the backends.</summary>
    public static EndPoint BackendSide(string name) => name.EndsWith(TcpToUnix, StringComparison.Ordinal)
        || name.EndsWith(UnixToUnix, StringComparison.Ordinal) ? RawSockets.FreeUnix() : new IPEndPoint(IPAddress.Loopback, 0);

    public static bool IsEpoll(string name) => name.StartsWith("epoll", StringComparison.Ordinal);

    public static ITransport Create(string name) => name.Split(',')[0] switch
    {
        "sockets" => new SocketTransport(new TransportOptions()),
        "epoll" => Epoll(),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    // Unix sockets are listened on on Linux only.
    private static TheoryData<string> Over(params string[] kinds)
    {
        var rows = new TheoryData<string>();
        foreach (string name in All)
        {
            foreach (string kind in kinds.Where(kind => kind.Length == 0 || OperatingSystem.IsLinux()))
                rows.Add(name + kind);
        }

        return rows;
    }

    private static EpollTransport Epoll()
    {
        Assert.True(
            EpollTransport.TryCreate(new TransportOptions(), threads: 2, out EpollTransport? transport, out string? reason),
            reason);
        return transport;
    }
}
