using System.IO.Pipelines;
using System.Net;
using System.Text;
using LbTcp.Backends;
using LbTcp.Balancing;
using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Connections.Tls;
using LbTcp.Diagnostics;
using LbTcp.Forwarding;
using LbTcp.Tests.TestDoubles;
using NSubstitute;

namespace LbTcp.Tests.Forwarding;

/// <summary>The optional stages before the dial, and their place beside what comes after it.</summary>
public sealed class ConnectionHandlerStageTests
{
    private readonly List<string> _order = [];

    [Fact]
    public async Task HandleAsync_AllStages_RunInOrderAroundTheDial()
    {
        HandlerFixture fixture = Fixture(
            proxy: (connection, _) => Runs("proxy", connection.Dial.Connection is null),
            admission: (connection, _) => Runs("admission", connection.Dial.Connection is null),
            serverName: (connection, _) => Runs("server name", connection.Dial.Connection is null),
            inbound: (connection, _) => Runs("inbound", connection.Dial.Connection is null));
        (InMemoryConnection dialled, InMemoryConnection peer) = fixture.Serves(1);
        fixture.Answers(1, _ =>
        {
            _order.Add("dial");
            return ValueTask.FromResult(ConnectionResult.Of(dialled));
        });

        (InMemoryConnection client, Task handling) = fixture.Connect();
        ReadResult read = await peer.Input.ReadAsync().AsTask().Done();
        Assert.StartsWith("PROXY TCP4 ", Encoding.Latin1.GetString(read.Buffer), StringComparison.Ordinal);
        peer.Input.AdvanceTo(read.Buffer.End);
        await client.Output.CompleteAsync();
        await peer.Output.CompleteAsync();
        await handling.Done();

        Assert.Equal(["proxy", "admission", "server name", "inbound", "dial"], _order);
        Assert.Equal(ConnectionEndReason.Completed, fixture.Record.Reason);
    }

    [Theory]
    [InlineData("proxy")]
    [InlineData("admission")]
    [InlineData("server name")]
    [InlineData("inbound")]
    public async Task HandleAsync_StageRefuses_EndsTheConnectionWithItsReason(string refusing)
    {
        HandlerFixture fixture = Fixture(refusing, (connection, _) =>
        {
            connection.Decide(ConnectionEndReason.ClientLost);
            return ValueTask.FromResult(false);
        });
        _ = fixture.Serves(1);

        (InMemoryConnection client, Task handling) = fixture.Connect();
        await handling.Done();

        Assert.True(client.IsReset);
        Assert.Equal(ConnectionEndReason.ClientLost, fixture.Record.Reason);
        Assert.Empty(fixture.Dials);
        Assert.Equal([0, 0, 0], fixture.Counts);
        Assert.Equal(0, fixture.Connections.Count);
    }

    [Theory]
    [InlineData("proxy")]
    [InlineData("admission")]
    [InlineData("server name")]
    [InlineData("inbound")]
    public async Task HandleAsync_StageTakesTooLong_FiresItsToken(string slow)
    {
        bool hasFired = false;
        HandlerFixture fixture = Fixture(slow, async (connection, cancellationToken) =>
        {
            var fired = new TaskCompletionSource();
            await using CancellationTokenRegistration registration = cancellationToken.Register(fired.SetResult);
            await fired.Task;
            hasFired = true;
            connection.Decide(ConnectionEndReason.ClientLost);
            return false;
        });
        _ = fixture.Serves(1);

        (InMemoryConnection client, Task handling) = fixture.Connect();
        fixture.Pass(Stage.Limit - TimeSpan.FromMilliseconds(1));
        Assert.False(hasFired);
        fixture.Pass(TimeSpan.FromMilliseconds(1));
        await handling.Done();

        Assert.True(hasFired);
        Assert.True(client.IsReset);
    }

    [Fact]
    public async Task HandleAsync_StageIsCancelledByItsLimit_ResetsTheClientWithoutADefect()
    {
        HandlerFixture fixture = Fixture("inbound", async (_, cancellationToken) =>
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return true;
        });

        (InMemoryConnection client, Task handling) = fixture.Connect();
        fixture.Pass(Stage.Limit);
        await handling.Done();

        Assert.True(client.IsReset);
        Assert.Empty(fixture.Dials);
        Assert.Equal(ConnectionEndReason.PrefaceTimeout, fixture.Record.Reason);
        Assert.Empty(fixture.Logs.Of(EventIds.ConnectionFault));
    }

    [Fact]
    public async Task HandleAsync_ClientLeavesDuringAStage_EndsTheConnection()
    {
        HandlerFixture fixture = Fixture("inbound", async (_, cancellationToken) =>
        {
            var fired = new TaskCompletionSource();
            await using CancellationTokenRegistration registration = cancellationToken.Register(fired.SetResult);
            await fired.Task;
            return true;
        });

        (InMemoryConnection client, Task handling) = fixture.Connect();
        client.Abort();
        fixture.Pass(TimeSpan.Zero);
        await handling.Done();

        Assert.Equal(ConnectionEndReason.ClientReset, fixture.Record.Reason);
        Assert.Empty(fixture.Dials);
    }

    [Fact]
    public async Task HandleAsync_PrefaceSetsTheSource_AlgorithmAndRecordGoByIt()
    {
        var source = new IPEndPoint(IPAddress.Parse("192.0.2.7"), 4711);
        var destination = new IPEndPoint(IPAddress.Parse("192.0.2.8"), 443);
        var picks = new List<IPAddress>();
        HandlerFixture fixture = Fixture("inbound", (connection, _) =>
        {
            connection.NeedPreface().Source = source;
            connection.NeedPreface().Destination = destination;
            return ValueTask.FromResult(true);
        }, new ScriptedSourcePolicy(picks));
        (_, InMemoryConnection peer) = fixture.Serves(1);

        (InMemoryConnection client, Task handling) = fixture.Connect();
        await client.Output.CompleteAsync();
        await peer.Output.CompleteAsync();
        await handling.Done();

        Assert.Equal([source.Address], picks);
        Assert.Equal(source, fixture.Record.Client);
        Assert.Equal(client.LocalEndPoint, fixture.Record.Via);
    }

    private static HandlerFixture Fixture(
        string name, Func<ActiveConnection, CancellationToken, ValueTask<bool>> run, IBalancingPolicy? policy = null) =>
        new(policy: policy, stages: new ConnectionStages(
            name == "proxy" ? new Stage(run) : null,
            name == "admission" ? new Stage(run) : null,
            name == "server name" ? new Stage(run) : null,
            name == "inbound" ? new Stage(run) : null));

    private static HandlerFixture Fixture(
        Func<ActiveConnection, CancellationToken, ValueTask<bool>> proxy,
        Func<ActiveConnection, CancellationToken, ValueTask<bool>> admission,
        Func<ActiveConnection, CancellationToken, ValueTask<bool>> serverName,
        Func<ActiveConnection, CancellationToken, ValueTask<bool>> inbound) =>
        new(stages: new ConnectionStages(
            new Stage(proxy),
            new Stage(admission),
            new Stage(serverName),
            new Stage(inbound),
            new OutboundPreface(
                new PrefaceOptions { SendProxy = SendProxy.V1 }, ids: null, Substitute.For<IBackendTls>(), Stage.Limit)));

    private ValueTask<bool> Runs(string name, bool isInPlace)
    {
        Assert.True(isInPlace, $"{name} runs at its place");
        _order.Add(name);
        return ValueTask.FromResult(true);
    }

    private sealed class Stage(Func<ActiveConnection, CancellationToken, ValueTask<bool>> run) : IConnectionStage
    {
        public static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

        public TimeSpan Timeout => Limit;

        public ValueTask<bool> RunAsync(ActiveConnection connection, CancellationToken cancellationToken) =>
            run(connection, cancellationToken);
    }

    /// <summary>Picks the first backend and keeps the client addresses that it was asked for.</summary>
    private sealed class ScriptedSourcePolicy(List<IPAddress> clients) : IBalancingPolicy, IBalancingPlan
    {
        private WeightedBackends? _available;

        public IBalancingPlan Prepare(WeightedBackends available, WeightedBackends members)
        {
            _available = available;
            return this;
        }

        public Backend? Pick(in PickRequest request)
        {
            clients.Add(request.Client);
            return _available![0];
        }

        public Backend? Peek(in PickRequest request) => _available![0];
    }
}
