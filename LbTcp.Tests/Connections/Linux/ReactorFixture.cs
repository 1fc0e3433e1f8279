using System.Net.Sockets;
using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Connections.Linux;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Connections.Linux;

/// <summary>One reactor, and connections that live on it.</summary>
internal sealed class ReactorFixture : IAsyncDisposable
{
    private readonly TcpListener _listener = RawSockets.Listen();
    private readonly List<EpollConnection> _connections = [];
    private readonly List<Socket> _peers = [];

    /// <summary>Skips the test where there is no epoll.</summary>
    public ReactorFixture(bool hasPipe = true)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "this system is not Linux");
        Home = new RelayThread(Table, new TransportOptions(), number: 0)
        {
            Pipe = new ReactorPipe(hasPipe ? SplicePipe.TryCreate : () => null),
        };
        Connector = new EpollConnector(new EpollSockets(), [Home]);
    }

    public HandlerTable Table { get; } = new();

    public RelayThread Home { get; }

    public Reactor Reactor => Home.Reactor;

    public EpollConnector Connector { get; }

    /// <summary>A connection on the reactor, and the socket of its peer. One at a time.</summary>
    public async Task<(EpollConnection Connection, Socket Peer)> ConnectAsync(int? peerReceiveBuffer = null)
    {
        if (peerReceiveBuffer is { } size)
            _listener.Server.ReceiveBufferSize = size;
        ConnectionResult result = await Connector.ConnectAsync(_listener.EndPoint(), null, CancellationToken.None).AsTask().Done();
        EpollConnection connection = Assert.IsType<EpollConnection>(result.Connection);
        Socket peer = await _listener.AcceptSocketAsync();
        peer.NoDelay = true;
        _connections.Add(connection);
        _peers.Add(peer);
        return (connection, peer);
    }

    /// <summary>Dials until a connection has <paramref name="descriptor"/>, which is free. On the reactor's thread.</summary>
    public EpollConnection DialAs(int descriptor)
    {
        while (true)
        {
            Assert.Equal(SocketError.Success, EpollSockets.BeginConnect(Home, _listener.EndPoint(), null, out EpollConnection? connection));
            _connections.Add(connection!);
            Assert.InRange(connection!.Descriptor, 0, descriptor); // the system gives the lowest free number
            if (connection.Descriptor == descriptor)
                return connection;
        }
    }

    /// <summary>Runs <paramref name="body"/> on the reactor's thread.</summary>
    public Task RunAsync(Func<Task> body) => Task.Run(async () =>
    {
        await Reactor.EnterAsync();
        await body();
    }).Done();

    /// <summary>Runs <paramref name="body"/> on the reactor's thread.</summary>
    public Task RunAsync(Action body) => RunAsync(() =>
    {
        body();
        return Task.CompletedTask;
    });

    /// <summary>Opens a listening socket that does not block.</summary>
    public static ListenSocket Listen()
    {
        ListenSocket listener = RawSockets.Open();
        listener.Socket.Blocking = false;
        return listener;
    }

    /// <summary>Another thread whose connections are in the same table.</summary>
    public RelayThread StartOther() => new(Table, new TransportOptions(), number: 1);

    /// <summary>Starts a transfer on the reactor's thread.</summary>
    public async Task<Transfer> TransferAsync(EpollConnection source, EpollConnection destination)
    {
        Transfer? transfer = null;
        await RunAsync(() => { transfer = Transfer.Begin(source.Input, destination.Output); });
        return Assert.IsType<EpollTransfer>(transfer);
    }

    /// <summary>Starts a copy on the reactor's thread.</summary>
    public async Task<Task> CopyAsync(EpollConnection source, EpollConnection destination)
    {
        Task copy = Task.CompletedTask;
        await RunAsync(() => { copy = source.Input.CopyToAsync(destination.Output); });
        return copy;
    }

    public async ValueTask DisposeAsync()
    {
        await Task.Yield(); // away from the reactor, where the test may have ended up
        foreach (EpollConnection connection in _connections)
        {
            connection.Abort();
            await connection.DisposeAsync();
        }

        Home.Dispose();
        _peers.ForEach(peer => peer.Dispose());
        _listener.Stop();
    }
}
