using System.IO.Pipelines;
using System.Net.Sockets;
using LbTcp.Backends;
using LbTcp.Connections;
using LbTcp.Diagnostics;
using LbTcp.Forwarding;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Logging;
using NSubstitute;

namespace LbTcp.Tests.Forwarding;

public sealed class ConnectionHandlerTests
{
    [Fact]
    public async Task HandleAsync_RequestAndAnswer_RelaysBothAndReportsTheExactCounts()
    {
        var fixture = new HandlerFixture();
        (InMemoryConnection connection, InMemoryConnection backend) = fixture.Serves(1);
        (InMemoryConnection client, Task handling) = fixture.Connect();

        await client.Output.WriteAsync(new byte[5]);
        await backend.Output.WriteAsync(new byte[4]);
        await client.Output.CompleteAsync();
        Assert.True((await backend.Input.ReadAtLeastAsync(6)).IsCompleted);
        await backend.Output.CompleteAsync();
        await handling.Done();

        ConnectionEndRecord record = fixture.Record;
        Assert.Equal((ConnectionEndReason.Completed, ConnectionSide.Client), (record.Reason, record.EndedBy));
        Assert.Equal((5, 4, 0), (record.Sent, record.Received, record.Undelivered));
        Assert.Equal(("10.0.0.1:80", "10.0.0.1:80", "192.0.2.1:50000"), (record.Backend, record.Address?.ToString(), record.Client.ToString()));
        Assert.Empty(record.FailedAttempts);
        Assert.True(connection.IsDisposed);
        Assert.Equal([0, 0, 0], fixture.Counts);
        Assert.Equal(0, fixture.Connections.Count);
    }

    [Fact]
    public async Task HandleAsync_BackendSpeaksFirst_ClientGetsItWithoutSendingAnything()
    {
        var fixture = new HandlerFixture();
        (_, InMemoryConnection backend) = fixture.Serves(1);
        (InMemoryConnection client, _) = fixture.Connect();

        await backend.Output.WriteAsync(new byte[7]);

        Assert.Equal(7, (await client.Input.ReadAsync()).Buffer.Length);
    }

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
    public async Task HandleAsync_ClientLeavesDuringTheDial_TellsTheTrackerNothing()
    {
        var fixture = new HandlerFixture();
        fixture.Hangs(1);
        (InMemoryConnection client, Task handling) = fixture.Connect();

        client.Abort();
        fixture.Connections.Sweep();
        await handling.Done();

        Assert.Empty(fixture.Tracker.ReceivedCalls());
    }

    [Fact]
    public async Task HandleAsync_EveryPathToTheEnd_GivesTheSlotBack()
    {
        var fixture = new HandlerFixture();
        fixture.Fails(1, SocketError.ConnectionRefused);
        (_, InMemoryConnection backend) = fixture.Serves(2);
        (InMemoryConnection client, Task handling) = fixture.Connect();
        Assert.Equal([0, 1, 0], fixture.Pool.GetAllBackends().Select(one => one.OpenConnections));

        await backend.Output.CompleteAsync();
        await fixture.CountedAsync(0, 0, 0);
        Assert.Equal([0, 1, 0], fixture.Pool.GetAllBackends().Select(one => one.OpenConnections));
        await client.Output.CompleteAsync();
        await handling.Done();

        Assert.Equal([0, 0, 0], fixture.Pool.GetAllBackends().Select(one => one.OpenConnections));
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
        Assert.Equal([0, 0, 0], fixture.Counts);
        Assert.Equal(3, fixture.Pool.GetHealthyBackends().Count);
    }

    [Fact]
    public async Task HandleAsync_DialHangs_TriesTheNextWhenTheTimeIsUp()
    {
        var fixture = new HandlerFixture(new ForwardingOptions { ConnectTimeout = TimeSpan.FromSeconds(5) });
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

    [Fact]
    public async Task HandleAsync_ClientResetsWhileDialling_CancelsTheDialAndTriesNobodyElse()
    {
        var fixture = new HandlerFixture();
        fixture.Hangs(1);
        (InMemoryConnection client, Task handling) = fixture.Connect();

        client.Abort();
        fixture.Connections.Sweep();
        await handling.Done();

        Assert.Equal(["10.0.0.1:80"], fixture.Dials);
        Assert.Equal((ConnectionEndReason.ClientReset, ConnectionSide.Client), (fixture.Record.Reason, fixture.Record.EndedBy));
        Assert.Equal([0, 0, 0], fixture.Counts);
    }

    [Fact]
    public async Task HandleAsync_ClientIsGoneAlready_DialsNobody()
    {
        var fixture = new HandlerFixture();
        (InMemoryConnection connection, InMemoryConnection client) = InMemoryConnection.CreatePair();
        client.Abort();

        await fixture.Handle(connection).Done();

        Assert.Empty(fixture.Dials);
        Assert.Equal(ConnectionEndReason.ClientReset, fixture.Record.Reason);
    }

    [Fact]
    public async Task HandleAsync_ClientFinishesWhileDialling_BackendGetsAllOfItAndItsEnd()
    {
        var fixture = new HandlerFixture();
        var dialled = new TaskCompletionSource<ConnectResult>();
        fixture.Answers(1, _ => new ValueTask<ConnectResult>(dialled.Task));
        (InMemoryConnection connection, InMemoryConnection backend) = InMemoryConnection.CreatePair();
        (InMemoryConnection client, Task handling) = fixture.Connect();

        await client.Output.WriteAsync(new byte[5]);
        await client.Output.CompleteAsync();
        fixture.Connections.Sweep();
        dialled.SetResult(new ConnectResult(connection, SocketError.Success));
        ReadResult request = await backend.Input.ReadAtLeastAsync(6);
        await backend.Output.CompleteAsync();
        await handling.Done();

        Assert.Equal((5, true), (request.Buffer.Length, request.IsCompleted));
        Assert.Equal(ConnectionEndReason.Completed, fixture.Record.Reason);
    }

    [Fact]
    public async Task HandleAsync_EndedWhileDialling_ResetsTheConnectionThatComesLate()
    {
        var fixture = new HandlerFixture();
        var dialled = new TaskCompletionSource<ConnectResult>();
        fixture.Answers(1, _ => new ValueTask<ConnectResult>(dialled.Task));
        (InMemoryConnection connection, InMemoryConnection backend) = InMemoryConnection.CreatePair();
        (InMemoryConnection client, Task handling) = fixture.Connect();

        int ended = fixture.Connections.EndAll(ConnectionEndReason.DrainTimeout);
        dialled.SetResult(new ConnectResult(connection, SocketError.Success));
        await handling.Done();

        Assert.Equal(1, ended);
        Assert.True(client.IsReset);
        Assert.True(backend.IsReset);
        Assert.True(connection.IsDisposed);
        Assert.Equal((ConnectionEndReason.DrainTimeout, ConnectionSide.LbTcp), (fixture.Record.Reason, fixture.Record.EndedBy));
        Assert.Equal([0, 0, 0], fixture.Counts);
    }

    [Fact]
    public async Task HandleAsync_BackendFinishesFirst_StopsCountingAgainstItAtOnce()
    {
        var fixture = new HandlerFixture();
        (_, InMemoryConnection backend) = fixture.Serves(1);
        (InMemoryConnection client, Task handling) = fixture.Connect();
        Assert.Equal([1, 0, 0], fixture.Counts);

        await backend.Output.CompleteAsync();

        await fixture.CountedAsync(0, 0, 0);
        Assert.False(handling.IsCompleted);
        await client.Output.CompleteAsync();
        await handling.Done();
        Assert.Equal([0, 0, 0], fixture.Counts);
        Assert.Equal(ConnectionSide.Backend, fixture.Record.EndedBy);
    }

    [Fact]
    public async Task HandleAsync_BackendResets_ClientGetsWhatCameBeforeAndThenAReset()
    {
        var fixture = new HandlerFixture();
        (_, InMemoryConnection backend) = fixture.Serves(1);
        (InMemoryConnection client, Task handling) = fixture.Connect();

        await backend.Output.WriteAsync(new byte[9]);
        backend.Abort();
        await handling.Done();

        Assert.True(client.IsReset);
        Assert.Equal((ConnectionEndReason.BackendReset, ConnectionSide.Backend), (fixture.Record.Reason, fixture.Record.EndedBy));
        Assert.Equal((9, 0), (fixture.Record.Received, fixture.Record.Undelivered));
    }

    [Theory]
    [InlineData(false, ConnectionEndReason.ClientLost, ConnectionSide.Client)]
    [InlineData(true, ConnectionEndReason.BackendLost, ConnectionSide.Backend)]
    public async Task HandleAsync_PeerVanishes_IsNotReportedAsAReset(bool isBackend, object reason, object side)
    {
        var fixture = new HandlerFixture();
        (InMemoryConnection toBackend, _) = fixture.Serves(1);
        (InMemoryConnection connection, _) = InMemoryConnection.CreatePair();
        Task handling = fixture.Handle(connection);

        (isBackend ? toBackend : connection).Lose();
        await handling.Done();

        Assert.Equal((reason, side), (fixture.Record.Reason, fixture.Record.EndedBy));
    }

    [Fact]
    public async Task HandleAsync_NoHealthyBackend_ResetsTheClientWithoutADial()
    {
        var fixture = new HandlerFixture();
        MarkAllDown(fixture.Pool);

        (InMemoryConnection client, Task handling) = fixture.Connect();
        await handling.Done();

        Assert.True(client.IsReset);
        Assert.Empty(fixture.Dials);
        Assert.Equal((ConnectionEndReason.NoBackendAvailable, ConnectionSide.LbTcp), (fixture.Record.Reason, fixture.Record.EndedBy));
        Assert.Null(fixture.Record.Backend);
    }

    [Fact]
    public async Task HandleAsync_NoHealthyBackendAndTryAny_DialsThemAnyway()
    {
        var fixture = new HandlerFixture(new ForwardingOptions { WhenAllDown = WhenAllDown.TryAny });
        MarkAllDown(fixture.Pool);
        (_, InMemoryConnection backend) = fixture.Serves(1);

        (InMemoryConnection client, Task handling) = fixture.Connect();
        await client.Output.CompleteAsync();
        await backend.Output.CompleteAsync();
        await handling.Done();

        Assert.Equal(ConnectionEndReason.Completed, fixture.Record.Reason);
    }

    [Fact]
    public async Task HandleAsync_NoHealthyBackendAndClose_ClosesInOrderEvenIfTheClientHasSentSomething()
    {
        var fixture = new HandlerFixture(new ForwardingOptions { WhenAllDown = WhenAllDown.Close });
        MarkAllDown(fixture.Pool);

        (InMemoryConnection client, Task handling) = fixture.Connect();
        await client.Output.WriteAsync(new byte[100]);
        ReadResult answer = await client.Input.ReadAsync();
        await client.Output.CompleteAsync();
        await handling.Done();

        Assert.True(answer.IsCompleted);
        Assert.False(client.IsReset);
        Assert.Equal(ConnectionEndReason.NoBackendAvailable, fixture.Record.Reason);
    }

    [Fact]
    public async Task HandleAsync_NoHealthyBackendAndCloseAndTheClientStays_ResetsItAfterTheHalfCloseTimeout()
    {
        var fixture = new HandlerFixture(new ForwardingOptions { WhenAllDown = WhenAllDown.Close });
        MarkAllDown(fixture.Pool);
        (InMemoryConnection client, Task handling) = fixture.Connect();

        fixture.Pass(TimeSpan.FromSeconds(30));
        await handling.Done();

        Assert.True(client.IsReset);
        Assert.Equal(ConnectionEndReason.NoBackendAvailable, fixture.Record.Reason);
    }

    [Fact]
    public async Task HandleAsync_NoHealthyBackendAndCloseAndTheClientSendsOn_ResetsItInTheEnd()
    {
        var fixture = new HandlerFixture(new ForwardingOptions { WhenAllDown = WhenAllDown.Close });
        MarkAllDown(fixture.Pool);
        (InMemoryConnection client, Task handling) = fixture.Connect();

        for (int i = 0; i < 16 && !handling.IsCompleted; i++)
            await client.Output.WriteAsync(new byte[16 * 1024]);

        await handling.Done();
    }

    [Fact]
    public async Task HandleAsync_AccessLogOff_LogsNothing()
    {
        var fixture = new HandlerFixture(new ForwardingOptions { AccessLog = false });
        MarkAllDown(fixture.Pool);

        await fixture.Connect().Handling.Done();

        Assert.Empty(fixture.Logs.States<ConnectionEndRecord>());
    }

    [Fact]
    public async Task HandleAsync_ConnectorThrows_LogsTheDefectOnceAndLeavesNothingBehind()
    {
        var fixture = new HandlerFixture();
        fixture.Answers(1, _ => throw new InvalidOperationException("a defect"));

        (InMemoryConnection client, Task handling) = fixture.Connect();
        await handling.Done();

        Assert.True(client.IsReset);
        _ = Assert.Single(fixture.Logs.Of(EventIds.ConnectionFault));
        Assert.Equal((ConnectionEndReason.InternalError, ConnectionSide.LbTcp), (fixture.Record.Reason, fixture.Record.EndedBy));
        Assert.Equal([0, 0, 0], fixture.Counts);
        Assert.Equal(0, fixture.Connections.Count);
    }

    [Fact]
    public async Task HandleAsync_PolicyThrows_LogsTheDefectOnceAndLeavesNothingBehind()
    {
        var policy = new ScriptedPolicy((_, _) => throw new InvalidOperationException("a defect"));
        var fixture = new HandlerFixture(policy: policy);

        await fixture.Connect().Handling.Done();

        _ = Assert.Single(fixture.Logs.Of(EventIds.ConnectionFault));
        Assert.Equal(ConnectionEndReason.InternalError, fixture.Record.Reason);
    }

    // Buffers go back with the connections: none may be in use any more.
    [Fact]
    public async Task HandleAsync_ADefectInOneDirection_ReleasesNothingBeforeTheOtherHasEnded()
    {
        var fixture = new HandlerFixture();
        var received = new Pipe();
        IConnection connection = Substitute.For<IConnection>();
        connection.Input.Returns(received.Reader);
        var output = new Pipe();
        connection.Output.Returns(output.Writer);
        await output.Writer.CompleteAsync(); // so that writing to it is a defect
        fixture.Answers(1, _ => ValueTask.FromResult(new ConnectResult(connection, SocketError.Success)));

        (InMemoryConnection client, Task handling) = fixture.Connect();
        _ = await client.Output.WriteAsync(new byte[1]);

        await Until.TrueAsync(() => client.IsReset, "the client is reset");
        connection.Received().Abort();
        Assert.False(handling.IsCompleted);
        await connection.DidNotReceive().DisposeAsync();
        await received.Writer.CompleteAsync(new ConnectionException(connection, SocketError.OperationAborted));
        await handling.Done();

        await connection.Received(1).DisposeAsync();
        _ = Assert.Single(fixture.Logs.Of(EventIds.ConnectionFault));
        Assert.Equal(ConnectionEndReason.InternalError, fixture.Record.Reason);
        Assert.Equal([0, 0, 0], fixture.Counts);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task HandleAsync_TheLogFails_LeavesNothingBehind(bool isConnectorDefective)
    {
        var fixture = new HandlerFixture(logger: new FailingLogger<ConnectionHandler>());
        if (isConnectorDefective)
            fixture.Answers(1, _ => throw new InvalidOperationException("a defect"));
        else
            MarkAllDown(fixture.Pool);
        (InMemoryConnection connection, InMemoryConnection client) = InMemoryConnection.CreatePair();

        _ = await Assert.ThrowsAsync<IOException>(() => fixture.Handle(connection).Done());

        Assert.True(client.IsReset);
        Assert.True(connection.IsDisposed);
        Assert.Equal([0, 0, 0], fixture.Counts);
        Assert.Equal(0, fixture.Connections.Count);
    }

    [Fact]
    public async Task HandleAsync_PolicyPicksNone_NoBackendIsAvailable()
    {
        var fixture = new HandlerFixture(policy: new ScriptedPolicy((_, _) => null));

        await fixture.Connect().Handling.Done();

        Assert.Empty(fixture.Dials);
        Assert.Equal(ConnectionEndReason.NoBackendAvailable, fixture.Record.Reason);
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
    public async Task HandleAsync_IdleTooLong_ResetsBothSides()
    {
        var fixture = new HandlerFixture(new ForwardingOptions { IdleTimeout = TimeSpan.FromMinutes(1) });
        (_, InMemoryConnection backend) = fixture.Serves(1);
        (InMemoryConnection client, Task handling) = fixture.Connect();

        fixture.Pass(TimeSpan.FromSeconds(59));
        Assert.False(handling.IsCompleted);
        fixture.Pass(TimeSpan.FromSeconds(1));
        await handling.Done();

        Assert.True(client.IsReset);
        Assert.True(backend.IsReset);
        Assert.Equal((ConnectionEndReason.IdleTimeout, ConnectionSide.LbTcp), (fixture.Record.Reason, fixture.Record.EndedBy));
        Assert.Equal([0, 0, 0], fixture.Counts);
    }

    [Fact]
    public async Task HandleAsync_BothSidesSilentAfterAHalfClose_ResetsBothSides()
    {
        var fixture = new HandlerFixture();
        (_, InMemoryConnection backend) = fixture.Serves(1);
        (InMemoryConnection client, Task handling) = fixture.Connect();
        await client.Output.CompleteAsync();
        Assert.True((await backend.Input.ReadAsync()).IsCompleted);

        fixture.Pass(TimeSpan.FromSeconds(30));
        await handling.Done();

        Assert.True(backend.IsReset);
        Assert.Equal(ConnectionEndReason.HalfCloseTimeout, fixture.Record.Reason);
    }

    private sealed class FailingLogger<T> : ILogger<T>
    {
        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            throw new IOException("the disk is full");

        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;
    }

    private static void MarkAllDown(BackendPool pool)
    {
        foreach (Backend backend in pool.GetAllBackends())
            Assert.True(pool.MarkUnhealthy(backend.Url));
    }
}
