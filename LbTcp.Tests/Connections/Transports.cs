using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Connections.Linux;
using LbTcp.Connections.Sockets;

namespace LbTcp.Tests.Connections;

/// <summary>The transports that have to pass the same tests: one row each.</summary>
internal static class Transports
{
    public static TheoryData<string> All => OperatingSystem.IsLinux() ? ["sockets", "epoll"] : ["sockets"];

    public static ITransport Create(string name) => name switch
    {
        "sockets" => new SocketTransport(new TransportOptions()),
        "epoll" => Epoll(),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    private static EpollTransport Epoll()
    {
        Assert.True(EpollTransport.TryCreate(new TransportOptions(), threads: 2, descriptorLimit: 1024, out EpollTransport? transport, out string? reason), reason);
        return transport;
    }
}
