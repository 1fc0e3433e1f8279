using System.Net;
using System.Net.Sockets;
using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Connections;

/// <summary>What <see cref="IBackendConnector"/> promises for unix sockets, asked of every transport.</summary>
public sealed class UnixConnectorContractTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("lbtcp-test-");

    private UnixEndPoint File => new(Path.Combine(_directory.FullName, "a.sock"));

    [Theory]
    [MemberData(nameof(Transports.All), MemberType = typeof(Transports))]
    public async Task ConnectAsync_SomebodyListens_Connects(string transportName)
    {
        foreach (UnixEndPoint endPoint in new[] { File, RawSockets.FreeUnix() })
        {
            using ITransport transport = Transports.Create(transportName);
            using Socket listener = RawSockets.ListenAt(endPoint);
            foreach (IBackendConnector connector in new[] { transport.Connector, transport.CheckConnector })
            {
                ConnectionResult result = await ConnectAsync(connector, endPoint);

                Assert.Equal(SocketError.Success, result.Error);
                Assert.Equal(endPoint, result.Connection!.RemoteEndPoint);
                Assert.Null(result.Connection.LocalEndPoint); // it has no name
                using Socket peer = await listener.AcceptAsync();
                await result.Connection.DisposeAsync();
                Assert.Equal(SocketError.Success, (await peer.ReceiveToEndAsync().Done()).End);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Transports.All), MemberType = typeof(Transports))]
    public async Task ConnectAsync_NoFile_IsAnErrorOfItsOwn(string transportName)
    {
        using ITransport transport = Transports.Create(transportName);

        Assert.Equal(SocketErrors.NoSuchFile, (await ConnectAsync(transport.Connector, File)).Error);
    }

    [Theory]
    [MemberData(nameof(Transports.All), MemberType = typeof(Transports))]
    public async Task ConnectAsync_NobodyListens_IsRefused(string transportName)
    {
        using ITransport transport = Transports.Create(transportName);
        RawSockets.ListenAt(File).Dispose();

        Assert.Equal(SocketError.ConnectionRefused, (await ConnectAsync(transport.Connector, File)).Error);
        Assert.Equal(SocketError.ConnectionRefused, (await ConnectAsync(transport.Connector, RawSockets.FreeUnix())).Error);
    }

    [Theory]
    [MemberData(nameof(Transports.All), MemberType = typeof(Transports))]
    public async Task ConnectAsync_SocketOfAnotherType_IsAnErrorOfItsOwn(string transportName)
    {
        using ITransport transport = Transports.Create(transportName);
        using var datagrams = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        datagrams.Bind(File);

        Assert.Equal(SocketError.ProtocolType, (await ConnectAsync(transport.Connector, File)).Error);
    }

    [Theory]
    [MemberData(nameof(Transports.All), MemberType = typeof(Transports))]
    public async Task ConnectAsync_TheQueueIsFull_WaitsForRoom(string transportName)
    {
        using ITransport transport = Transports.Create(transportName);
        (Socket listener, List<IConnection> queued) = await FillQueueAsync(transport);
        Task<ConnectionResult> dial = ConnectAsync(transport.Connector, (UnixEndPoint)listener.LocalEndPoint!);

        using Socket first = await listener.AcceptAsync();

        ConnectionResult result = await dial;
        Assert.Equal(SocketError.Success, result.Error);
        foreach (IConnection connection in queued.Append(result.Connection!))
            await connection.DisposeAsync();
        listener.Dispose();
    }

    [Theory]
    [MemberData(nameof(Transports.All), MemberType = typeof(Transports))]
    public async Task ConnectAsync_CancelledWhileTheQueueIsFull_IsAborted(string transportName)
    {
        using ITransport transport = Transports.Create(transportName);
        (Socket listener, List<IConnection> queued) = await FillQueueAsync(transport);
        using var giveUp = new CancellationTokenSource();
        Task<ConnectionResult> dial = ConnectAsync(transport.Connector, (UnixEndPoint)listener.LocalEndPoint!, giveUp.Token);

        await giveUp.CancelAsync();

        Assert.Equal(ConnectionResult.Failed(SocketError.OperationAborted), await dial);
        foreach (IConnection connection in queued)
            await connection.DisposeAsync();
        listener.Dispose();
    }

    public void Dispose() => _directory.Delete(recursive: true);

    // The system takes one more than asked for.
    private static async Task<(Socket Listener, List<IConnection> Queued)> FillQueueAsync(ITransport transport)
    {
        Socket listener = RawSockets.ListenAt(RawSockets.FreeUnix(), backlog: 1);
        List<IConnection> queued = [];
        for (int i = 0; i < 2; i++)
            queued.Add((await ConnectAsync(transport.Connector, (UnixEndPoint)listener.LocalEndPoint!)).Connection!);
        return (listener, queued);
    }

    private static Task<ConnectionResult> ConnectAsync(
        IBackendConnector connector, EndPoint endPoint, CancellationToken cancellationToken = default) =>
        Task.Run(() => connector.ConnectAsync(endPoint, null, cancellationToken).AsTask()).Done();
}
