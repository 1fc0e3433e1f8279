using System.Net.Sockets;
using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Diagnostics;
using LbTcp.Tests.TestDoubles;
using NSubstitute;
using static LbTcp.Tests.Forwarding.HedgeScenario;

namespace LbTcp.Tests.Forwarding;

/// <summary>The TLS handshake with a backend is a part of the attempt to connect to it; the first backend demands one.</summary>
public sealed class ConnectionHandlerTlsTests
{
    private static readonly TimeSpan _hedgeAfter = new ForwardingOptions().HedgeAfter;
    private static readonly TimeSpan _moment = TimeSpan.FromMilliseconds(1);

    private readonly ScriptedHandshakes _handshakes = new();

    [Fact]
    public async Task HandleAsync_HandshakeFails_AnotherBackendServesAndTheRecordTellsWhy()
    {
        HandlerFixture fixture = Fixture(_handshakes);
        (InMemoryConnection refused, InMemoryConnection refusedPeer) = fixture.Serves(1);
        (_, InMemoryConnection peer) = fixture.Serves(2);
        _handshakes.End("no shared cipher");

        (InMemoryConnection client, Task handling) = fixture.Connect();
        await fixture.CountedAsync(0, 1, 0);
        await client.Output.CompleteAsync();
        await peer.Output.CompleteAsync();
        await handling.Done();

        Assert.True(refused.IsDisposed && refusedPeer.IsReset);
        Assert.Equal((ConnectionEndReason.Completed, "10.0.0.2:80"), (fixture.Record.Reason, fixture.Record.Backend));
        Assert.Equal([new FailedAttempt("10.0.0.1:80", "TLS: no shared cipher")], fixture.Record.FailedAttempts);
        fixture.Tracker.Received(1).Failed(fixture.Pool.Named("10.0.0.1:80"), "TLS: no shared cipher");
        fixture.Tracker.DidNotReceive().Reached(fixture.Pool.Named("10.0.0.1:80"));
        AssertNothingIsLeft(fixture);
    }

    [Fact]
    public async Task HandleAsync_BackendIsSilentInTheHandshake_AnotherOneIsUsedAfterTheHedgeDelay()
    {
        HandlerFixture fixture = Fixture(_handshakes);
        (InMemoryConnection silent, InMemoryConnection silentPeer) = fixture.Serves(1);
        (_, InMemoryConnection peer) = fixture.Serves(2);
        (InMemoryConnection client, Task handling) = fixture.Connect();

        fixture.Pass(_hedgeAfter - _moment);
        Assert.Equal([1, 0, 0], fixture.Counts);
        fixture.Pass(_moment);
        await fixture.CountedAsync(0, 1, 0);
        await client.Output.CompleteAsync();
        await peer.Output.CompleteAsync();
        await handling.Done();

        Assert.True(silent.IsDisposed && silentPeer.IsReset);
        Assert.Equal(("10.0.0.2:80", _hedgeAfter), (fixture.Record.Backend, fixture.Record.Connect));
        Assert.Equal([new FailedAttempt("10.0.0.1:80", "TLS: no answer in 250ms")], fixture.Record.FailedAttempts);
        fixture.Tracker.Received(1).Unanswered(fixture.Pool.Named("10.0.0.1:80"), _hedgeAfter);
        Assert.Equal(1, fixture.Traffic.ReadHedges()[(int)HedgeOutcome.Won]);
        AssertNothingIsLeft(fixture);
    }

    [Fact]
    public async Task HandleAsync_HandshakeEndsAfterAnotherBackendHasWon_ClosesItsConnection()
    {
        var handshakes = new ScriptedHandshakes { IsCancellable = false };
        HandlerFixture fixture = Fixture(handshakes);
        (InMemoryConnection late, InMemoryConnection latePeer) = fixture.Serves(1);
        _ = fixture.Serves(2);
        (InMemoryConnection client, Task handling) = fixture.Connect();

        fixture.Pass(_hedgeAfter);
        Assert.False(late.IsDisposed);
        handshakes.End();
        await fixture.CountedAsync(0, 1, 0);
        client.Abort();
        await handling.Done();

        Assert.True(late.IsDisposed && latePeer.IsReset);
        Assert.Equal("10.0.0.2:80", fixture.Record.Backend);
        AssertNothingIsLeft(fixture);
    }

    [Fact]
    public async Task HandleAsync_HandshakeTakesTooLong_IsAFailedAttempt()
    {
        HandlerFixture fixture = Fixture(_handshakes, "10.0.0.1:80 tls=on");
        (_, InMemoryConnection peer) = fixture.Serves(1);
        (InMemoryConnection client, Task handling) = fixture.Connect();

        fixture.Pass(ScriptedHandshakes.Limit - _moment);
        Assert.False(peer.IsReset);
        fixture.Pass(_moment);
        await handling.Done();

        Assert.True(client.IsReset && peer.IsReset);
        Assert.Equal(ConnectionEndReason.BackendTlsFailed, fixture.Record.Reason);
        Assert.Equal([new FailedAttempt("10.0.0.1:80", "TLS: no end of the handshake in 3s")], fixture.Record.FailedAttempts);
        fixture.Tracker.Received(1).Failed(fixture.Pool.Named("10.0.0.1:80"), "TLS: no end of the handshake in 3s");
        Assert.Equal(1, fixture.Traffic.Of(fixture.Pool.Named("10.0.0.1:80")).Read().Attempts[(int)AttemptOutcome.TimedOut]);
        Assert.Empty(fixture.Logs.Of(EventIds.ConnectionFault));
        AssertNothingIsLeft(fixture);
    }

    [Fact]
    public async Task HandleAsync_ClientLeavesDuringTheHandshake_EndsItAndBlamesNobody()
    {
        HandlerFixture fixture = Fixture(_handshakes);
        (InMemoryConnection dialled, InMemoryConnection peer) = fixture.Serves(1);
        (InMemoryConnection client, Task handling) = fixture.Connect();

        client.Abort();
        fixture.Connections.Sweep();
        await handling.Done();

        Assert.True(dialled.IsDisposed && peer.IsReset);
        Assert.Equal((ConnectionEndReason.ClientReset, null), (fixture.Record.Reason, fixture.Record.Backend));
        Assert.Equal(["10.0.0.1:80"], fixture.Dials);
        Assert.Empty(fixture.Tracker.ReceivedCalls());
        AssertNothingIsLeft(fixture);
    }

    [Fact]
    public async Task HandleAsync_MachineIsExhaustedDuringTheHandshake_BlamesNoBackend()
    {
        HandlerFixture fixture = Fixture(_handshakes);
        _ = fixture.Serves(1);
        _handshakes.Fail(new ConnectionException(ConnectionSide.Backend, SocketError.NoBufferSpaceAvailable));

        await fixture.Connect().Handling.Done();

        Assert.Equal(ConnectionEndReason.LocalFault, fixture.Record.Reason);
        Assert.Equal(["10.0.0.1:80"], fixture.Dials);
        fixture.Tracker.DidNotReceiveWithAnyArgs().Failed(default!, default(string)!);
    }

    [Fact]
    public async Task HandleAsync_HandshakeThrowsWhatNobodyExpects_ClosesEverythingAndIsADefect()
    {
        HandlerFixture fixture = Fixture(_handshakes);
        (InMemoryConnection dialled, _) = fixture.Serves(1);
        _handshakes.Fail(new InvalidOperationException());

        await fixture.Connect().Handling.Done();

        Assert.True(dialled.IsDisposed);
        Assert.Equal(ConnectionEndReason.InternalError, fixture.Record.Reason);
        AssertNothingIsLeft(fixture);
    }

    [Theory]
    [InlineData(null, 1800)] // two more round trips than the dial
    [InlineData(100, 900)]
    public async Task HandleAsync_BackendIsUsuallyFar_IsGivenThreeTimesItsDialAndHandshake(int? handshake, int milliseconds)
    {
        HandlerFixture fixture = Fixture(_handshakes);
        fixture.Pool.Named("10.0.0.1:80").ConnectTime.Record(TimeSpan.FromMilliseconds(200));
        if (handshake is { } usual)
            fixture.Pool.Named("10.0.0.1:80").HandshakeTime.Record(TimeSpan.FromMilliseconds(usual));
        _ = Begin(fixture, out InMemoryConnection client, out Task handling);
        _ = fixture.Serves(2);

        fixture.Pass(TimeSpan.FromMilliseconds(milliseconds - 1));
        Assert.Equal([1, 0, 0], fixture.Counts);
        fixture.Pass(_moment);
        await fixture.CountedAsync(0, 1, 0);
        client.Abort();
        await handling.Done();
    }

    private static HandlerFixture Fixture(ScriptedHandshakes handshakes, params string[] backends) => new(
        backends: backends is [] ? ["10.0.0.1:80 tls=on", "10.0.0.2:80", "10.0.0.3:80"] : backends, stages: handshakes.Stages);
}
