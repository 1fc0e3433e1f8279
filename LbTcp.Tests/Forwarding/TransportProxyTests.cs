using System.Net.Sockets;
using System.Text;
using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Connections.Linux;
using LbTcp.Connections.Tls;
using LbTcp.Diagnostics;
using LbTcp.Forwarding;
using LbTcp.Tests.Connections;
using LbTcp.Tests.Preface;
using LbTcp.Tests.TestDoubles;
using NSubstitute;

namespace LbTcp.Tests.Forwarding;

/// <summary>PROXY protocol headers in both directions over real sockets.</summary>
public sealed class TransportProxyTests
{
    private const int Length = 8 * 1024 * 1024;

    private static readonly PrefaceOptions _options = new() { AcceptProxy = [Network.All], SendProxy = SendProxy.V1 };

    public static TheoryData<string> All => Transports.WithUnixOnEitherSide;

    [Theory, MemberData(nameof(All))]
    public async Task Client_SendsAHeaderAndMuch_EverythingArrivesOnTheFastWayAndIsCounted(string transport)
    {
        await using var service = new TransportService(transport, stages: Stages());
        using Socket client = await service.ConnectClientAsync();
        byte[] header = ProxyHeaders.WithChecksum();
        foreach (byte value in header)
            _ = await client.SendAsync(new[] { value });

        Task<string> sending = client.SendNoiseAsync(seed: 1, Length);
        using Socket backend = await service.AcceptAsync();
        string expected = "PROXY TCP4 192.0.2.7 192.0.2.8 4711 443\r\n";
        Assert.Equal(expected, Encoding.ASCII.GetString(await backend.ReceiveExactlyAsync(expected.Length)));
        ActiveConnection connection = Assert.Single(service.Connections.After(0));
        Task<RawSockets.Received> receiving = backend.ReceiveToEndAsync();
        string digest = await sending.Done();
        await Until.TrueAsync(() => connection.ToBackend is not null, "the relay has begun");
        Transfer transfer = connection.ToBackend!;
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal(new RawSockets.Received(Length, digest, SocketError.Success), await receiving.Done());
        backend.Shutdown(SocketShutdown.Send);

        ConnectionEndRecord record = await service.RecordAsync();
        Assert.Equal((ConnectionEndReason.Completed, Length, 0), (record.Reason, record.Sent, record.Received));
        Assert.Equal("192.0.2.7:4711", $"{record.Client}");
        Assert.NotNull(record.Via);
        Assert.Equal(Transports.IsEpoll(transport), transfer is EpollTransfer);
    }

    [Theory, ClassData(typeof(TransportNames))]
    public async Task Client_SendsHeaderAndPayloadInOneSegment_BackendGetsBothInOneSegment(string transport)
    {
        await using var service = new TransportService(transport, stages: Stages());
        using Socket client = await service.ConnectClientAsync();
        _ = await client.SendAsync(Encoding.ASCII.GetBytes("PROXY TCP6 2001:db8::7 ::1 4711 443\r\nhello"));
        using Socket backend = await service.AcceptAsync();

        byte[] received = new byte[1024];
        int length = await backend.ReceiveAsync(received).Done();

        Assert.Equal("PROXY TCP6 2001:db8::7 ::1 4711 443\r\nhello", Encoding.ASCII.GetString(received, 0, length));
        client.Shutdown(SocketShutdown.Send);
        backend.Shutdown(SocketShutdown.Send);
        Assert.Equal(5, (await service.RecordAsync()).Sent);
    }

    private static ConnectionStages Stages() => new(
        ProxyHeader: new InboundProxyStage(_options, new LogRecorder<InboundProxyStage>()),
        OutboundPreface: new OutboundPreface(_options, ids: null, Substitute.For<IBackendTls>(), TimeSpan.FromSeconds(3)));
}
