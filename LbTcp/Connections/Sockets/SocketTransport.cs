using LbTcp.Configuration;

namespace LbTcp.Connections.Sockets;

/// <summary>The portable transport: managed sockets.</summary>
internal sealed class SocketTransport(TransportOptions options) : ITransport
{
    public string Name => "sockets";

    public IBackendConnector Connector { get; } = new SocketConnector(options);

    public IBackendConnector CheckConnector { get; } = new SocketConnector(options, isForChecks: true);

    public IReadOnlyList<ITransportThread> Threads => [];

    public IReadOnlyList<IConnectionListener> Listen(ListenSocket socket)
    {
        SocketTuning.Apply(socket.Socket, options); // accepted sockets inherit it on Linux
        return [new SocketListener(socket, options)];
    }

    public void Dispose()
    {
        // There is nothing to release.
    }
}
