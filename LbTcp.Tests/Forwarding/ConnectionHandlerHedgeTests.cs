using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Diagnostics;
using LbTcp.Tests.TestDoubles;
using NSubstitute;
using static LbTcp.Tests.Forwarding.HedgeScenario;

namespace LbTcp.Tests.Forwarding;

/// <summary>A backend that does not answer soon: another one is dialled beside it.</summary>
public sealed class ConnectionHandlerHedgeTests
{
    private static readonly TimeSpan _hedgeAfter = new ForwardingOptions().HedgeAfter;
    private static readonly TimeSpan _moment = TimeSpan.FromMilliseconds(1);

    [Fact]
    public async Task HandleAsync_BackendIsSilent_AnotherOneIsUsedAndTheRecordTellsIt()
    {
        var fixture = new HandlerFixture();
        ScriptedDial silent = Begin(fixture, out InMemoryConnection client, out Task handling);
        (_, InMemoryConnection backend) = fixture.Serves(2);

        fixture.Pass(_hedgeAfter - _moment);
        Assert.Equal([1, 0, 0], fixture.Counts);
        fixture.Pass(_moment);
        await fixture.CountedAsync(0, 1, 0);
        await client.Output.CompleteAsync();
        await backend.Output.CompleteAsync();
        await handling.Done();

        Assert.True(silent.IsCancelled());
        Assert.Equal(("10.0.0.2:80", _hedgeAfter), (fixture.Record.Backend, fixture.Record.Connect));
        Assert.Equal([new FailedAttempt("10.0.0.1:80", "no answer in 250ms")], fixture.Record.FailedAttempts);
        fixture.Tracker.Received(1).Unanswered(fixture.Pool.Named("10.0.0.1:80"), _hedgeAfter);
        Assert.Equal(1, fixture.Traffic.ReadHedges()[(int)HedgeOutcome.Won]);
        AssertNothingIsLeft(fixture);
    }

    [Fact]
    public async Task HandleAsync_FirstAnswersAfterAll_IsUsedAndNobodyIsBlamed()
    {
        var fixture = new HandlerFixture();
        ScriptedDial first = Begin(fixture, out InMemoryConnection client, out Task handling);
        List<ScriptedDial> second = fixture.Scripted(2);

        fixture.Pass(_hedgeAfter);
        Assert.Equal([1, 1, 0], fixture.Counts);
        Assert.True(first.Answer());
        await fixture.CountedAsync(1, 0, 0);
        client.Abort();
        await handling.Done();

        Assert.True(Assert.Single(second).IsCancelled());
        Assert.Equal("10.0.0.1:80", fixture.Record.Backend);
        Assert.Empty(fixture.Record.FailedAttempts);
        fixture.Tracker.DidNotReceiveWithAnyArgs().Unanswered(default!, default);
        Assert.Equal(1, fixture.Traffic.ReadHedges()[(int)HedgeOutcome.Lost]);
        AssertNothingIsLeft(fixture);
    }

    [Fact]
    public async Task HandleAsync_EveryDialIsSlow_NobodyIsBlamed()
    {
        var fixture = new HandlerFixture();
        _ = Begin(fixture, out InMemoryConnection client, out Task handling);
        List<ScriptedDial> second = fixture.Scripted(2);
        List<ScriptedDial> third = fixture.Scripted(3);

        fixture.Pass(_hedgeAfter);
        fixture.Pass(_hedgeAfter);
        Assert.Equal([1, 1, 1], fixture.Counts);
        Assert.True(second[0].Answer());
        await fixture.CountedAsync(0, 1, 0);
        client.Abort();
        await handling.Done();

        Assert.True(third[0].IsCancelled());
        Assert.Equal("10.0.0.2:80", fixture.Record.Backend);
        fixture.Tracker.DidNotReceiveWithAnyArgs().Unanswered(default!, default);
        AssertNothingIsLeft(fixture);
    }

    [Fact]
    public async Task HandleAsync_SecondRefuses_ThirdIsDialledAtOnce()
    {
        var fixture = new HandlerFixture();
        _ = Begin(fixture, out InMemoryConnection client, out Task handling);
        List<ScriptedDial> second = fixture.Scripted(2);
        _ = fixture.Serves(3);

        fixture.Pass(_hedgeAfter);
        bool isHastened = false;
        fixture.Failover.Hedges.TickShortened += () => isHastened = true;
        Assert.True(second[0].Refuse());
        Assert.True(isHastened);
        fixture.Failover.Hedges.Check();
        await fixture.CountedAsync(0, 0, 1);
        client.Abort();
        await handling.Done();

        Assert.Equal(
            [new FailedAttempt("10.0.0.2:80", "connection refused"), new FailedAttempt("10.0.0.1:80", "no answer in 250ms")],
            fixture.Record.FailedAttempts);
        Assert.Equal(1, fixture.Traffic.ReadHedges()[(int)HedgeOutcome.Failed]);
        AssertNothingIsLeft(fixture);
    }

    [Fact]
    public async Task HandleAsync_FirstRefusesLate_SecondIsAwaited()
    {
        var fixture = new HandlerFixture();
        ScriptedDial first = Begin(fixture, out InMemoryConnection client, out Task handling);
        List<ScriptedDial> second = fixture.Scripted(2);

        fixture.Pass(_hedgeAfter);
        Assert.True(first.Refuse());
        fixture.Failover.Hedges.Check();
        Assert.Equal([0, 1, 0], fixture.Counts);
        Assert.True(second[0].Answer());
        await fixture.CountedAsync(0, 1, 0);
        client.Abort();
        await handling.Done();

        Assert.Equal(["10.0.0.1:80", "10.0.0.2:80"], fixture.Dials);
        Assert.Equal("10.0.0.2:80", fixture.Record.Backend);
        AssertNothingIsLeft(fixture);
    }

    [Fact]
    public async Task HandleAsync_BothAnswer_TheSlowerOneIsClosedAndItsSlotReleased()
    {
        var fixture = new HandlerFixture();
        ScriptedDial first = Begin(fixture, out InMemoryConnection client, out Task handling);
        var second = new TaskCompletionSource<ConnectionResult>(); // its cancellation comes too late
        fixture.Answers(2, _ => new(second.Task));
        var late = InMemoryConnection.CreatePair(side: ConnectionSide.Backend);

        fixture.Pass(_hedgeAfter);
        Assert.True(first.Answer());
        second.SetResult(ConnectionResult.Of(late.Connection));
        await fixture.CountedAsync(1, 0, 0);
        client.Abort();
        await handling.Done();

        Assert.True(late.Connection.IsDisposed);
        Assert.True(late.Peer.IsReset);
        Assert.Equal("10.0.0.1:80", fixture.Record.Backend);
        AssertNothingIsLeft(fixture);
    }
}
