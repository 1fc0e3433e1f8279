using LbTcp.Backends;
using LbTcp.Balancing;
using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Diagnostics;
using LbTcp.Tests.TestDoubles;
using NSubstitute;
using static LbTcp.Tests.Forwarding.HedgeScenario;

namespace LbTcp.Tests.Forwarding;

/// <summary>When another backend is dialled beside a silent one, and when not.</summary>
public sealed class ConnectionHandlerHedgeLimitTests
{
    private static readonly TimeSpan _hedgeAfter = new ForwardingOptions().HedgeAfter;
    private static readonly TimeSpan _moment = TimeSpan.FromMilliseconds(1);

    [Fact]
    public async Task HandleAsync_BackendUsuallyTakesLong_IsGivenThreeTimesThat()
    {
        var fixture = new HandlerFixture();
        fixture.Pool.Named("10.0.0.1:80").ConnectTime.Record(TimeSpan.FromMilliseconds(200));
        _ = Begin(fixture, out InMemoryConnection client, out Task handling);
        _ = fixture.Serves(2);

        fixture.Pass(TimeSpan.FromMilliseconds(599));
        Assert.Equal([1, 0, 0], fixture.Counts);
        fixture.Pass(_moment);
        await fixture.CountedAsync(0, 1, 0);
        client.Abort();
        await handling.Done();
    }

    [Theory]
    [InlineData(0, new[] { 1, 0, 0 })]
    [InlineData(1, new[] { 1, 1, 0 })]
    [InlineData(2, new[] { 1, 1, 1 })]
    public async Task HandleAsync_AllAreSilent_DialsAsManyAsRetriesAllow(int retries, int[] expected)
    {
        var fixture = new HandlerFixture(new ForwardingOptions { Retries = retries });
        _ = Begin(fixture, out _, out Task handling);
        _ = fixture.Scripted(2);
        _ = fixture.Scripted(3);

        for (int i = 0; i < 4; i++)
            fixture.Pass(_hedgeAfter);
        Assert.Equal(expected, fixture.Counts);
        fixture.Pass(TimeSpan.FromSeconds(5));
        await handling.Done();

        Assert.Equal(ConnectionEndReason.ConnectTimeout, fixture.Record.Reason);
        Assert.Equal(retries + 1, fixture.Record.FailedAttempts.Count);
        AssertNothingIsLeft(fixture);
    }

    [Fact]
    public async Task HandleAsync_HedgingIsOff_DialsNobodyBeside()
    {
        var fixture = new HandlerFixture(new ForwardingOptions { HedgeAfter = TimeSpan.Zero });
        _ = Begin(fixture, out InMemoryConnection client, out Task handling);

        fixture.Pass(TimeSpan.FromSeconds(4));
        Assert.Equal([1, 0, 0], fixture.Counts);
        client.Abort();
        fixture.Connections.Sweep();
        await handling.Done();
    }

    [Fact]
    public async Task HandleAsync_OthersAreFull_DialsTheFirstThatGetsASlot()
    {
        var fixture = new HandlerFixture(backends: ["10.0.0.1:80", "10.0.0.2:80 max_connections=1", "10.0.0.3:80 max_connections=1"]);
        Backend[] others = [fixture.Pool.Named("10.0.0.2:80"), fixture.Pool.Named("10.0.0.3:80")];
        _ = Begin(fixture, out InMemoryConnection client, out Task handling);
        _ = fixture.Serves(3);
        BackendLease[] taken = [others[0].TryAcquire()!, others[1].TryAcquire()!];

        fixture.Pass(_hedgeAfter);
        Assert.Equal(["10.0.0.1:80"], fixture.Dials);
        taken[1].Release();
        fixture.Pass(_hedgeAfter);
        await fixture.CountedAsync(0, 1, 1);
        client.Abort();
        await handling.Done();

        taken[0].Release();
        AssertNothingIsLeft(fixture);
    }

    [Theory]
    [InlineData(250)]
    [InlineData(0)]
    public async Task HandleAsync_BackendGoesDownDuringTheDial_GoesOnToTheNextAtOnce(int hedgeAfter)
    {
        var fixture = new HandlerFixture(new ForwardingOptions { HedgeAfter = TimeSpan.FromMilliseconds(hedgeAfter) });
        _ = Begin(fixture, out InMemoryConnection client, out Task handling);
        _ = fixture.Serves(2);

        fixture.Pass(TimeSpan.FromMilliseconds(100));
        Assert.True(fixture.Pool.MarkUnhealthy("10.0.0.1:80"));
        fixture.Failover.Hedges.Check();
        await fixture.CountedAsync(0, 1, 0);
        client.Abort();
        await handling.Done();

        Assert.Equal([new FailedAttempt("10.0.0.1:80", "no answer in 100ms")], fixture.Record.FailedAttempts);
        fixture.Tracker.DidNotReceiveWithAnyArgs().Unanswered(default!, default);
        AssertNothingIsLeft(fixture);
    }

    [Fact]
    public async Task HandleAsync_LastBackendGoesDownDuringTheDial_IsDialledOn()
    {
        var fixture = new HandlerFixture(backends: ["10.0.0.1:80"]);
        ScriptedDial only = Begin(fixture, out InMemoryConnection client, out Task handling);

        Assert.True(fixture.Pool.MarkUnhealthy("10.0.0.1:80"));
        fixture.Pass(_hedgeAfter);
        Assert.True(only.Answer());
        await fixture.CountedAsync(1);
        client.Abort();
        await handling.Done();

        Assert.Equal("10.0.0.1:80", fixture.Record.Backend);
    }

    [Fact]
    public async Task HandleAsync_ClientLeaves_EveryDialIsCancelled()
    {
        var fixture = new HandlerFixture();
        ScriptedDial first = Begin(fixture, out InMemoryConnection client, out Task handling);
        List<ScriptedDial> second = fixture.Scripted(2);

        fixture.Pass(_hedgeAfter);
        client.Abort();
        fixture.Connections.Sweep();
        await handling.Done();

        Assert.True(first.IsCancelled() && second[0].IsCancelled());
        Assert.Equal(ConnectionEndReason.ClientReset, fixture.Record.Reason);
        Assert.Empty(fixture.Tracker.ReceivedCalls());
        AssertNothingIsLeft(fixture);
    }

    [Fact]
    public async Task HandleAsync_BudgetIsUsedUp_WaitsUntilItAllowsOrTheBackendIsDown()
    {
        var fixture = new HandlerFixture();
        List<ScriptedDial> silent = fixture.Scripted(1);
        List<ScriptedDial> beside = fixture.Scripted(2);
        (InMemoryConnection Client, Task Handling)[] clients = [.. Enumerable.Range(0, 100).Select(_ => fixture.Connect())];
        fixture.Pass(_hedgeAfter);
        int allowed = beside.Count;
        (InMemoryConnection Client, Task Handling) late = fixture.Connect();

        fixture.Pass(_hedgeAfter);
        Assert.Equal(allowed, beside.Count);
        Assert.True(fixture.Pool.MarkUnhealthy("10.0.0.1:80"));
        fixture.Failover.Hedges.Check();
        Assert.Equal(101, beside.Count);
        foreach ((InMemoryConnection client, _) in clients.Append(late))
            client.Abort();
        fixture.Connections.Sweep();
        await Task.WhenAll(clients.Append(late).Select(served => served.Handling)).Done();

        Assert.Equal(100, allowed);
        Assert.All(silent.Concat(beside), dial => Assert.True(dial.IsOver));
        Assert.Equal([0, 0, 0], fixture.Counts);
    }

    [Fact]
    public async Task HandleAsync_BySource_DialsFirstAndSecondAsIfTheFirstWereAway()
    {
        var away = new HandlerFixture(policy: new SourcePolicy());
        string first = FirstDialOf(away);
        Assert.True(away.Pool.MarkUnhealthy(first));
        string second = FirstDialOf(away);
        var fixture = new HandlerFixture(policy: new SourcePolicy());
        for (int number = 1; number <= 3; number++)
            _ = fixture.Scripted(number);
        (InMemoryConnection client, Task handling) = fixture.Connect();

        fixture.Pass(_hedgeAfter);
        client.Abort();
        fixture.Connections.Sweep();
        await handling.Done();

        Assert.Equal([first, second], fixture.Dials);
    }

    private static string FirstDialOf(HandlerFixture fixture)
    {
        fixture.Dials.Clear();
        for (int number = 1; number <= 3; number++)
            _ = fixture.Scripted(number);
        _ = fixture.Connect();
        return fixture.Dials[0];
    }
}
