using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Connections.Linux;
using LbTcp.Connections.Sockets;

namespace LbTcp.Tests.Connections;

/// <summary>Creates the transports that must pass the same tests.</summary>
internal static class Transports
{
    public static TheoryData<string> All => new TransportNames();

    public static ITransport Create(string name) => name switch
    {
        "sockets" => new SocketTransport(new TransportOptions()),
        "epoll" => Epoll(),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    private static EpollTransport Epoll()
    {
        Assert.True(
            EpollTransport.TryCreate(new TransportOptions(), threads: 2, out EpollTransport? transport, out string? reason),
            reason);
        return transport;
    }
}
