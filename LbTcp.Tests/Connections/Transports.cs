using LbTcp.Connections;
using LbTcp.Connections.Sockets;

namespace LbTcp.Tests.Connections;

/// <summary>The transports that have to pass the same tests: one row each.</summary>
internal static class Transports
{
    public static TheoryData<string> All => ["sockets"];

    public static ITransport Create(string name) => name switch
    {
        "sockets" => new SocketTransport(new TransportOptions()),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };
}
