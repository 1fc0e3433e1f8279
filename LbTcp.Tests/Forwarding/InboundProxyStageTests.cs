using System.Net;
using System.Text;
using LbTcp.Configuration;
using LbTcp.Diagnostics;
using LbTcp.Forwarding;
using LbTcp.Tests.Preface;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Forwarding;

/// <summary>A service whose clients come through proxies; the peers of these tests have the address 192.0.2.1.</summary>
public sealed class InboundProxyStageTests
{
    private const string Header = "PROXY TCP4 198.51.100.7 198.51.100.8 4711 443\r\n";

    private static readonly IPEndPoint _peer = IPEndPoint.Parse("192.0.2.1:50000");

    private readonly LogRecorder<InboundProxyStage> _logs = new();

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1_000)]
    public async Task RunAsync_HeaderInPieces_SourceIsThatOfTheHeaderAndThePayloadIsRelayed(int piece)
    {
        HandlerFixture fixture = Fixture("192.0.2.0/24");
        (_, InMemoryConnection backend) = fixture.Serves(1);
        (InMemoryConnection client, Task handling) = fixture.Connect();

        foreach (byte[] bytes in Encoding.ASCII.GetBytes($"{Header}hello").Chunk(piece))
            _ = await client.Output.WriteAsync(bytes);
        await client.Output.CompleteAsync();
        Assert.Equal("hello", Encoding.ASCII.GetString((await backend.Input.ReadAtLeastAsync(5).AsTask().Done()).Buffer));
        await backend.Output.CompleteAsync();
        await handling.Done();

        Assert.Equal(IPEndPoint.Parse("198.51.100.7:4711"), fixture.Record.Client);
        Assert.Equal(_peer, fixture.Record.Via);
        Assert.Equal((ConnectionEndReason.Completed, 5), (fixture.Record.Reason, fixture.Record.Sent));
    }

    [Theory]
    [InlineData("PROXY UNKNOWN\r\n")]
    [InlineData($"{ProxyHeaders.Signature}\x20\0\0\0")]
    [InlineData($"{ProxyHeaders.Signature}\x21\0\0\u0001x")]
    public async Task RunAsync_HeaderWithoutAddresses_SourceIsThePeer(string header)
    {
        HandlerFixture fixture = Fixture("192.0.2.0/24");
        (_, InMemoryConnection backend) = fixture.Serves(1);
        (InMemoryConnection client, Task handling) = fixture.Connect();

        _ = await client.Output.WriteAsync(ProxyHeaders.V1(header));
        await client.Output.CompleteAsync();
        await backend.Output.CompleteAsync();
        await handling.Done();

        Assert.Equal((_peer, null), (fixture.Record.Client, fixture.Record.Via));
        Assert.Equal(ConnectionEndReason.Completed, fixture.Record.Reason);
    }

    [Theory]
    [InlineData("198.51.100.0/24")]
    [InlineData("unix")]
    [InlineData("2001:db8::/32")]
    public async Task RunAsync_PeerIsNotTrusted_IsResetBeforeAnythingIsRead(string trusted)
    {
        HandlerFixture fixture = Fixture(trusted);
        (InMemoryConnection connection, InMemoryConnection client) = InMemoryConnection.CreatePair();
        _ = await client.Output.WriteAsync(ProxyHeaders.V1(Header));

        await fixture.Handle(connection).Done();

        Assert.True(client.IsReset);
        Assert.Equal(0, connection.BytesReceived);
        Assert.Equal((ConnectionEndReason.ProxyUntrusted, _peer), (fixture.Record.Reason, fixture.Record.Client));
        Assert.Empty(fixture.Dials);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n", false, "no PROXY protocol header")]
    [InlineData("PROXY TCP4 198.51.100.7", true, "connection closed before the end of the header")]
    [InlineData("", true, "connection closed before the end of the header")]
    public async Task RunAsync_NoHeader_IsReset(string sent, bool finishes, string problem)
    {
        HandlerFixture fixture = Fixture("all");
        (InMemoryConnection client, Task handling) = fixture.Connect();

        if (sent.Length > 0)
            _ = await client.Output.WriteAsync(ProxyHeaders.V1(sent));
        if (finishes)
            await client.Output.CompleteAsync();
        await handling.Done();

        Assert.True(client.IsReset);
        Assert.Equal(
            (ConnectionEndReason.ProxyHeaderInvalid, ConnectionSide.Client), (fixture.Record.Reason, fixture.Record.EndedBy));
        Assert.Equal($"PROXY protocol header refused id=1 via={_peer} problem={problem}", _logs.Message(EventIds.ProxyHeaderInvalid));
        Assert.Empty(fixture.Dials);
    }

    [Theory]
    [InlineData("")]
    [InlineData("P")]
    [InlineData("PROXY TCP4 198.51.100.7 198.51.100.8 4711 443\r")]
    public async Task RunAsync_HeaderIsNotCompleteInTime_IsReset(string sent)
    {
        HandlerFixture fixture = Fixture("all");
        (InMemoryConnection client, Task handling) = fixture.Connect();
        if (sent.Length > 0)
            _ = await client.Output.WriteAsync(ProxyHeaders.V1(sent));

        fixture.Pass(TimeSpan.FromSeconds(3) - TimeSpan.FromMilliseconds(1));
        Assert.False(handling.IsCompleted);
        fixture.Pass(TimeSpan.FromMilliseconds(1));
        await handling.Done();

        Assert.True(client.IsReset);
        Assert.Equal(ConnectionEndReason.PrefaceTimeout, fixture.Record.Reason);
    }

    private HandlerFixture Fixture(string trusted)
    {
        Assert.True(Network.TryParse(trusted, out Network? network, out string? error), error);
        return new HandlerFixture(stages: new ConnectionStages(
            ProxyHeader: new InboundProxyStage(new PrefaceOptions { AcceptProxy = [network] }, _logs)));
    }
}
