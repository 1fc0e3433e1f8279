using System.Net.Sockets;
using LbTcp.Connections;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Connections;

/// <summary>A connection that a transport has accepted, and the socket of its peer.</summary>
internal sealed class TransportPair : IAsyncDisposable
{
    /// <summary>More bytes than the systems on both ends take without the peer reading.</summary>
    public const int Much = 8 * 1024 * 1024;

    private readonly ITransport _transport;
    private readonly ListenSocket _listener;
    private readonly IReadOnlyList<IConnectionListener> _listeners;

    private TransportPair(
        ITransport transport, ListenSocket listener, IReadOnlyList<IConnectionListener> listeners, IConnection connection, Socket peer)
    {
        _transport = transport;
        _listener = listener;
        _listeners = listeners;
        Connection = connection;
        Peer = peer;
    }

    public IConnection Connection { get; }

    public Socket Peer { get; }

    public static async Task<TransportPair> CreateAsync(string transportName, int? peerReceiveBuffer = null, int listener = 0)
    {
        ITransport transport = Transports.Create(transportName);
        var socket = ListenSocket.Open(Transports.ClientSide(transportName));
        IReadOnlyList<IConnectionListener> listeners = transport.Listen(socket);
        Socket peer = await RawSockets.ConnectAsync(socket.LocalEndPoint, peerReceiveBuffer);
        ConnectionResult accepted = await listeners[listener % listeners.Count].AcceptAsync(CancellationToken.None).AsTask().Done();
        return new TransportPair(transport, socket, listeners, Assert.IsAssignableFrom<IConnection>(accepted.Connection), peer);
    }

    /// <summary>Runs <paramref name="body"/> where everything about the connection has to run.</summary>
    public Task RunAsync(Func<IConnection, Task> body) => Task.Run(async () =>
    {
        await Connection.StartAsync();
        await body(Connection);
    }).Done();

    public async ValueTask DisposeAsync()
    {
        await Connection.DisposeAsync();
        Peer.Dispose();
        foreach (IConnectionListener listener in _listeners)
            listener.Dispose();
        _listener.Dispose();
        _transport.Dispose();
    }
}
