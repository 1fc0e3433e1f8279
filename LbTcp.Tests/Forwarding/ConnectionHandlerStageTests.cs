using System.Net;
using LbTcp.Backends;
using LbTcp.Balancing;
using LbTcp.Diagnostics;
using LbTcp.Forwarding;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Forwarding;

/// <summary>The optional stages around the dial.</summary>
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
            inbound: (connection, _) => Runs("inbound", connection.Dial.Connection is null),
            outbound: (connection, _) => Runs("outbound", connection.Dial.Connection is not null && connection.ToBackend is null));
        (_, InMemoryConnection peer) = fixture.Serves(1);

        (InMemoryConnection client, Task handling) = fixture.Connect();
        await client.Output.CompleteAsync();
        await peer.Output.CompleteAsync();
        await handling.Done();

        Assert.Equal(["proxy", "admission", "server name", "inbound", "outbound"], _order);
        Assert.Equal(ConnectionEndReason.Completed, fixture.Record.Reason);
    }

    [Theory]
    [InlineData("proxy", 0)]
    [InlineData("admission", 0)]
    [InlineData("server name", 0)]
    [InlineData("inbound", 0)]
    [InlineData("outbound", 1)]
    public async Task HandleAsync_StageRefuses_EndsTheConnectionWithItsReason(string refusing, int dials)
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
        Assert.Equal(dials, fixture.Dials.Count);
        Assert.Equal([0, 0, 0], fixture.Counts);
        Assert.Equal(0, fixture.Connections.Count);
    }

    [Theory]
    [InlineData("proxy")]
    [InlineData("admission")]
    [InlineData("server name")]
    [InlineData("inbound")]
    [InlineData("outbound")]
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

    [Theory]
    [InlineData("inbound")]
    [InlineData("outbound")]
    public async Task HandleAsync_StageIsCancelledByItsLimit_ResetsBothSidesWithoutADefect(string slow)
    {
        HandlerFixture fixture = Fixture(slow, async (_, cancellationToken) =>
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return true;
        });
        (_, InMemoryConnection peer) = fixture.Serves(1);

        (InMemoryConnection client, Task handling) = fixture.Connect();
        fixture.Pass(Stage.Limit);
        await handling.Done();

        Assert.True(client.IsReset);
        Assert.Equal(slow == "outbound", peer.IsReset);
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
            name == "inbound" ? new Stage(run) : null,
            name == "outbound" ? new Stage(run) : null,
            name == "server name" ? new Stage(run) : null));

    private static HandlerFixture Fixture(
        Func<ActiveConnection, CancellationToken, ValueTask<bool>> proxy,
        Func<ActiveConnection, CancellationToken, ValueTask<bool>> admission,
        Func<ActiveConnection, CancellationToken, ValueTask<bool>> serverName,
        Func<ActiveConnection, CancellationToken, ValueTask<bool>> inbound,
        Func<ActiveConnection, CancellationToken, ValueTask<bool>> outbound) =>
        new(stages: new ConnectionStages(
            new Stage(proxy), new Stage(admission), new Stage(inbound), new Stage(outbound), new Stage(serverName)));

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

        public ConnectionEndReason TimeoutReason => ConnectionEndReason.PrefaceTimeout;

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
