using System.Net;
using System.Net.Sockets;
using LbTcp.Connections;
using LbTcp.Connections.Linux;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Connections;

/// <summary>What <see cref="IBackendConnector"/> promises, asked of every transport over the loopback.</summary>
public sealed class ConnectorContractTests
{
    [Theory]
    [MemberData(nameof(Transports.All), MemberType = typeof(Transports))]
    public async Task ConnectAsync_PortIsOpen_Connects(string transportName)
    {
        foreach (IPAddress address in Addresses())
        {
            using ITransport transport = Transports.Create(transportName);
            using TcpListener listener = RawSockets.Listen(address);

            ConnectionResult result = await ConnectAsync(transport, listener.EndPoint());

            Assert.Equal(SocketError.Success, result.Error);
            Assert.Equal(listener.EndPoint(), result.Connection!.RemoteEndPoint);
            using Socket peer = await listener.AcceptSocketAsync();
            await result.Connection.DisposeAsync();
            Assert.Equal(SocketError.Success, (await peer.ReceiveToEndAsync().Done()).End);
        }
    }

    // The end record of a connection that was reset tells the address as well.
    [Theory]
    [MemberData(nameof(Transports.All), MemberType = typeof(Transports))]
    public async Task Abort_LocalEndPointWasNotReadBefore_RemainsReadable(string transportName)
    {
        using ITransport transport = Transports.Create(transportName);
        using TcpListener listener = RawSockets.Listen();
        ConnectionResult result = await ConnectAsync(transport, listener.EndPoint());
        using Socket peer = await listener.AcceptSocketAsync();

        result.Connection!.Abort();
        Assert.Equal(SocketError.ConnectionReset, (await peer.ReceiveToEndAsync().Done()).End);

        Assert.Equal(peer.RemoteEndPoint, result.Connection.LocalEndPoint);
        await result.Connection.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Transports.All), MemberType = typeof(Transports))]
    public async Task ConnectAsync_PortIsClosed_IsRefused(string transportName)
    {
        using ITransport transport = Transports.Create(transportName);
        using var reserved = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        reserved.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // no other program can listen there, and a dial does not use it

        ConnectionResult result = await ConnectAsync(transport, (IPEndPoint)reserved.LocalEndPoint!);

        Assert.Equal(ConnectionResult.Failed(SocketError.ConnectionRefused), result);
    }

    [Theory]
    [MemberData(nameof(Transports.All), MemberType = typeof(Transports))]
    public async Task ConnectAsync_CancelledWhileItHangs_IsAborted(string transportName)
    {
        using ITransport transport = Transports.Create(transportName);
        using var blackHole = new BlackHole();
        using var giveUp = new CancellationTokenSource();

        Task<ConnectionResult> dial = Task.Run(() => transport.Connector.ConnectAsync(blackHole.EndPoint, null, giveUp.Token).AsTask());
        await Until.TrueAsync(() => blackHole.Dials > 0, "the dial is under way");
        Assert.False(dial.IsCompleted);
        await giveUp.CancelAsync();

        Assert.Equal(ConnectionResult.Failed(SocketError.OperationAborted), await dial.Done());
        await Until.TrueAsync(() => blackHole.Dials == 0, "the descriptor was given back");
    }

    [Theory]
    [MemberData(nameof(Transports.All), MemberType = typeof(Transports))]
    public async Task ConnectAsync_CancelledBefore_IsAborted(string transportName)
    {
        using ITransport transport = Transports.Create(transportName);
        using TcpListener listener = RawSockets.Listen();

        ConnectionResult result =
            await transport.Connector.ConnectAsync(listener.EndPoint(), null, new CancellationToken(canceled: true)).AsTask().Done();

        Assert.Equal(ConnectionResult.Failed(SocketError.OperationAborted), result);
        Assert.False(listener.Pending());
    }

    [Theory]
    [MemberData(nameof(Transports.All), MemberType = typeof(Transports))]
    public async Task ConnectAsync_AddressOfAnUnknownKind_IsRefused(string transportName)
    {
        using ITransport transport = Transports.Create(transportName);

        ConnectionResult result = await ConnectAsync(transport, new DnsEndPoint("localhost", 80));

        Assert.Equal(ConnectionResult.Failed(SocketError.AddressFamilyNotSupported), result);
    }

    [SkippableTheory]
    [MemberData(nameof(Transports.All), MemberType = typeof(Transports))]
    public async Task ConnectAsync_FromASourceAddress_ThePeerSeesIt(string transportName)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "127.0.0.2 is an address of this machine on Linux only");
        using ITransport transport = Transports.Create(transportName);
        foreach (IPAddress source in Addresses().Prepend(IPAddress.Parse("127.0.0.2")))
        {
            using TcpListener listener = RawSockets.Listen(source.AddressFamily is AddressFamily.InterNetworkV6 ? source : null);

            ConnectionResult result = await ConnectAsync(transport, listener.EndPoint(), source);

            using Socket peer = await listener.AcceptSocketAsync();
            Assert.Equal(source, ((IPEndPoint)peer.RemoteEndPoint!).Address);
            Assert.Equal(peer.RemoteEndPoint, result.Connection!.LocalEndPoint);
            await result.Connection.DisposeAsync();
        }
    }

    [Theory]
    [MemberData(nameof(Transports.All), MemberType = typeof(Transports))]
    public async Task ConnectAsync_FromAnAddressOfAnotherHost_IsALocalFaultOfItsOwn(string transportName)
    {
        using ITransport transport = Transports.Create(transportName);
        using TcpListener listener = RawSockets.Listen();

        ConnectionResult result = await ConnectAsync(transport, listener.EndPoint(), IPAddress.Parse("203.0.113.77")); // RFC 5737: nobody's

        Assert.Equal(ConnectionResult.Failed(SocketErrors.SourceNotLocal), result);
    }

    [Theory]
    [MemberData(nameof(Transports.All), MemberType = typeof(Transports))]
    public async Task StartAsync_DialledConnection_CompletesFromAnyThread(string transportName)
    {
        using ITransport transport = Transports.Create(transportName);
        using TcpListener listener = RawSockets.Listen();
        IConnection connection = (await ConnectAsync(transport, listener.EndPoint())).Connection!;
        using Socket peer = await listener.AcceptSocketAsync();

        await Task.Run(async () =>
        {
            await connection.StartAsync();
            Assert.Equal(transportName is "epoll", Reactor.Current is not null);
            Assert.True(connection.StartAsync().IsCompletedSuccessfully);
            _ = await connection.Output.WriteAsync(new byte[3]);
        }).Done();

        _ = await peer.ReceiveExactlyAsync(3);
        await connection.DisposeAsync();
    }

    private static Task<ConnectionResult> ConnectAsync(ITransport transport, EndPoint endPoint, IPAddress? source = null) =>
        Task.Run(() => transport.Connector.ConnectAsync(endPoint, source, CancellationToken.None).AsTask()).Done();

    private static IPAddress[] Addresses() => Socket.OSSupportsIPv6 ? [IPAddress.Loopback, IPAddress.IPv6Loopback] : [IPAddress.Loopback];
}
