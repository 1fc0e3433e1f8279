using System.Net;
using System.Net.Sockets;
using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Connections.Sockets;
using LbTcp.Health;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Time.Testing;

namespace LbTcp.Tests.Health;

public sealed class ProgramProbeTests
{
    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData("")]
    [InlineData("220 hello")]
    public async Task ProbeAsync_ProgramClosesOrSpeaks_IsAnAnswer(string greeting)
    {
        await using var server = new LoopbackServer(async (client, cancellationToken) =>
            await client.WriteAsync(System.Text.Encoding.ASCII.GetBytes(greeting), cancellationToken));

        ProbeResult result = await ProbeAsync(server.ToBackend("tcp")).Done();

        Assert.Equal(new ProbeResult(ProbeOutcome.Healthy, "the program answered FIN", IsAnswer: true), result);
        Assert.Equal("FIN", await server.FirstClientEnd.Done());
    }

    [Fact]
    public async Task ProbeAsync_ProgramDoesNotAnswer_IsUnansweredAndEndsWithoutAReset()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(4);
        Task<ProbeResult> probing = ProbeAsync(Pools.Of($"{listener.LocalEndPoint}").GetAllBackends()[0]);
        using Socket accepted = await listener.AcceptAsync();
        Assert.Equal(0, await accepted.ReceiveAsync(new byte[1]));
        Assert.False(probing.IsCompleted);

        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(new ProbeResult(ProbeOutcome.Unanswered, "connected, no answer to FIN in 2s"), await probing.Done());
        Assert.Equal(0, await accepted.ReceiveAsync(new byte[1])); // a reset would fail
    }

    private Task<ProbeResult> ProbeAsync(Backend backend)
    {
        var connector = new SocketConnector(new TransportOptions(), isForChecks: true);
        var probe = new ProgramProbe(HostConnectors.Over(connector), new HangUpList(new HangUpPlaces(16), _time), _time);
        return probe.ProbeAsync(backend, TimeSpan.FromSeconds(2), default);
    }
}
