using System.Net.Sockets;
using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Diagnostics;
using LbTcp.Tests.TestDoubles;
using NSubstitute;

namespace LbTcp.Tests.Forwarding;

/// <summary>Which backends a client is tried with, and how often, when some cannot be reached.</summary>
public sealed class ConnectionHandlerRetryTests
{
    [Fact]
    public async Task HandleAsync_BackendsRefuse_TriesTheOthersEachAtMostOnce()
    {
        var fixture = new HandlerFixture();
        fixture.Fails(1, SocketError.ConnectionRefused);
        fixture.Fails(2, SocketError.HostUnreachable);
        (_, InMemoryConnection backend) = fixture.Serves(3);
        (InMemoryConnection client, Task handling) = fixture.Connect();

        Assert.Equal([0, 0, 1], fixture.Counts);
        await client.Output.CompleteAsync();
        await backend.Output.CompleteAsync();
        await handling.Done();

        Assert.Equal(["10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80"], fixture.Dials);
        Assert.Equal("10.0.0.3:80", fixture.Record.Backend);
        Assert.Equal(
            [new FailedAttempt("10.0.0.1:80", "connection refused"), new FailedAttempt("10.0.0.2:80", "host unreachable")],
            fixture.Record.FailedAttempts);
    }

    [Fact]
    public async Task HandleAsync_EveryPrimaryFailsWhileItCountsAsHealthy_TriesTheBackups()
    {
        var fixture = new HandlerFixture(backends: ["10.0.0.1:80", "10.0.0.2:80 backup", "10.0.0.3:80 backup"]);
        fixture.Fails(1, SocketError.ConnectionRefused);
        fixture.Fails(2, SocketError.ConnectionRefused);
        (_, InMemoryConnection backend) = fixture.Serves(3);
        (InMemoryConnection client, Task handling) = fixture.Connect();

        await client.Output.CompleteAsync();
        await backend.Output.CompleteAsync();
        await handling.Done();

        Assert.Equal("10.0.0.1:80", fixture.Dials[0]);
        Assert.Equal("10.0.0.3:80", fixture.Record.Backend);
        Assert.Equal(ConnectionEndReason.Completed, fixture.Record.Reason);
        Assert.Equal(fixture.Dials.Distinct(), fixture.Dials);
    }

    [Fact]
    public async Task HandleAsync_PrimaryFailsAndBackupIsUnhealthy_TriesItOnlyWithTryAny()
    {
        string[] backends = ["10.0.0.1:80", "10.0.0.2:80 backup"];
        foreach ((WhenAllDown whenAllDown, int dials) in new[] { (WhenAllDown.Reset, 1), (WhenAllDown.TryAny, 2) })
        {
            var fixture = new HandlerFixture(new ForwardingOptions { WhenAllDown = whenAllDown }, backends: backends);
            Assert.True(fixture.Pool.MarkUnhealthy("10.0.0.2:80"));
            fixture.Fails(1, SocketError.ConnectionRefused);
            fixture.Fails(2, SocketError.ConnectionRefused);

            await fixture.Connect().Handling.Done();

            Assert.Equal(dials, fixture.Dials.Count);
        }
    }

    [Fact]
    public async Task HandleAsync_OtherPrimaryIsFull_WaitsForItRatherThanUsingABackup()
    {
        var fixture = new HandlerFixture(backends: ["10.0.0.1:80", "10.0.0.2:80 max_connections=1", "10.0.0.3:80 backup"]);
        fixture.Pool.Named("10.0.0.2:80").Occupy();
        fixture.Fails(1, SocketError.ConnectionRefused);
        _ = fixture.Serves(3);

        await AssertWaitsAfterTheFirstDialAsync(fixture);
    }

    [Fact]
    public async Task HandleAsync_EveryPrimaryFailsAndTheBackupIsFull_WaitsForIt()
    {
        var fixture = new HandlerFixture(backends: ["10.0.0.1:80", "10.0.0.2:80 backup max_connections=1"]);
        fixture.Pool.Named("10.0.0.2:80").Occupy();
        fixture.Fails(1, SocketError.ConnectionRefused);

        await AssertWaitsAfterTheFirstDialAsync(fixture);
    }

    [Fact]
    public async Task HandleAsync_BackendFails_ThePolicyIsNotOfferedItAgain()
    {
        var offers = new List<int>();
        var policy = new ScriptedPolicy((candidates, request) =>
        {
            Backend[] allowed = [.. candidates.Where(request.Allows)];
            offers.Add(allowed.Length);
            return allowed is [.., Backend last] ? last : null;
        });
        var fixture = new HandlerFixture(policy: policy);
        for (int number = 1; number <= 3; number++)
            fixture.Fails(number, SocketError.ConnectionRefused);

        await fixture.Connect().Handling.Done();

        Assert.Equal([3, 2, 1, 0], offers);
        Assert.Equal(["10.0.0.3:80", "10.0.0.2:80", "10.0.0.1:80"], fixture.Dials);
    }

    [Fact]
    public async Task HandleAsync_SomeRefuse_TellsTheTrackerOfEach()
    {
        var fixture = new HandlerFixture();
        fixture.Fails(1, SocketError.ConnectionRefused);
        _ = fixture.Serves(2);

        (InMemoryConnection client, Task handling) = fixture.Connect();
        client.Abort();
        await handling.Done();

        fixture.Tracker.Received(1).Failed(fixture.Pool.GetAllBackends()[0], SocketError.ConnectionRefused);
        fixture.Tracker.Received(1).Reached(fixture.Pool.GetAllBackends()[1]);
    }

    [Fact]
    public async Task HandleAsync_AllRefuse_ResetsTheClient()
    {
        var fixture = new HandlerFixture();
        for (int number = 1; number <= 3; number++)
            fixture.Fails(number, SocketError.ConnectionRefused);

        (InMemoryConnection client, Task handling) = fixture.Connect();
        await handling.Done();

        Assert.True(client.IsReset);
        Assert.Equal(["10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80"], fixture.Dials);
        Assert.Equal((ConnectionEndReason.ConnectFailed, ConnectionSide.Backend), (fixture.Record.Reason, fixture.Record.EndedBy));
        Assert.Null(fixture.Record.Connect);
        Assert.Equal([0, 0, 0], fixture.Counts);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(9, 3)]
    public async Task HandleAsync_LimitedRetries_DialsNoMoreBackends(int retries, int expectedDials)
    {
        var fixture = new HandlerFixture(new ForwardingOptions { Retries = retries });
        for (int number = 1; number <= 3; number++)
            fixture.Fails(number, SocketError.ConnectionRefused);

        await fixture.Connect().Handling.Done();

        Assert.Equal(expectedDials, fixture.Dials.Count);
    }

    [Fact]
    public async Task HandleAsync_LocalFault_TriesNoOtherBackend()
    {
        var fixture = new HandlerFixture();
        fixture.Fails(1, SocketError.TooManyOpenSockets);

        (InMemoryConnection client, Task handling) = fixture.Connect();
        await handling.Done();

        Assert.True(client.IsReset);
        Assert.Equal(["10.0.0.1:80"], fixture.Dials);
        Assert.Equal((ConnectionEndReason.LocalFault, ConnectionSide.LbTcp), (fixture.Record.Reason, fixture.Record.EndedBy));
        fixture.LocalFaults.Report();
        Assert.Contains("count=1 ", Assert.Single(fixture.LocalFaultLogs.Of(EventIds.LocalFault)).Message, StringComparison.Ordinal);
        Assert.Equal([0, 0, 0], fixture.Counts);
        Assert.Equal(3, fixture.Pool.GetHealthyBackends().Count);
    }

    [Fact]
    public async Task HandleAsync_NoAddressOrPortTowardsOneBackend_TriesTheOthers()
    {
        var fixture = new HandlerFixture();
        fixture.Fails(1, SocketError.AddressNotAvailable);
        fixture.Fails(2, SocketError.AddressNotAvailable);
        fixture.Fails(3, SocketError.AddressNotAvailable);

        await fixture.Connect().Handling.Done();

        Assert.Equal(3, fixture.Dials.Count);
        Assert.Equal((ConnectionEndReason.LocalFault, ConnectionSide.LbTcp), (fixture.Record.Reason, fixture.Record.EndedBy));
        fixture.LocalFaults.Report();
        Assert.Equal(
            ["10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80"],
            fixture.LocalFaultLogs.Of(EventIds.LocalFault).Select(record => Assert.IsType<string>(record["Backend"])).Order());
        Assert.Equal(3, fixture.Pool.GetHealthyBackends().Count);
    }

    [Fact]
    public async Task HandleAsync_DialHangs_TriesTheNextWhenTheTimeIsUp()
    {
        var fixture = new HandlerFixture(new ForwardingOptions { ConnectTimeout = TimeSpan.FromSeconds(5), HedgeAfter = TimeSpan.Zero });
        fixture.Hangs(1);
        _ = fixture.Serves(2);
        (InMemoryConnection client, Task handling) = fixture.Connect();

        fixture.Pass(TimeSpan.FromSeconds(4.9));
        Assert.Equal([1, 0, 0], fixture.Counts);
        fixture.Pass(TimeSpan.FromSeconds(0.1));
        await fixture.CountedAsync(0, 1, 0);
        client.Abort();
        await handling.Done();

        Assert.Equal([new FailedAttempt("10.0.0.1:80", "timed out")], fixture.Record.FailedAttempts);
        Assert.Equal(TimeSpan.FromSeconds(5), fixture.Record.Connect);
    }

    [Fact]
    public async Task HandleAsync_EveryDialHangs_EndsWithConnectTimeout()
    {
        var fixture = new HandlerFixture(new ForwardingOptions { Retries = 0 });
        fixture.Hangs(1);
        (InMemoryConnection client, Task handling) = fixture.Connect();

        fixture.Pass(TimeSpan.FromSeconds(5));
        await handling.Done();

        Assert.True(client.IsReset);
        Assert.Equal((ConnectionEndReason.ConnectTimeout, ConnectionSide.Backend), (fixture.Record.Reason, fixture.Record.EndedBy));
        Assert.Equal([0, 0, 0], fixture.Counts);
    }

    private static async Task AssertWaitsAfterTheFirstDialAsync(HandlerFixture fixture)
    {
        (InMemoryConnection client, Task handling) = fixture.Connect();

        Assert.Equal(["10.0.0.1:80"], fixture.Dials);
        Assert.Equal(1, fixture.Queue.Length);
        client.Abort();
        fixture.Pass(TimeSpan.Zero);
        await handling.Done();
    }
}
