using System.Net.Sockets;
using LbTcp.Configuration;
using LbTcp.Diagnostics;
using LbTcp.Tests.TestDoubles;

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
        Assert.Equal(
            ("10.0.0.1:80", "10.0.0.1:80", "192.0.2.1:50000"), (record.Backend, record.Address?.ToString(), record.Client.ToString()));
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
    public async Task HandleAsync_FailsForALocalReason_IsCounted()
    {
        var fixture = new HandlerFixture();
        (InMemoryConnection toBackend, _) = fixture.Serves(1);
        (_, Task handling) = fixture.Connect();

        toBackend.Fail(SocketError.NoBufferSpaceAvailable);
        await handling.Done();
        fixture.LocalFaults.Report();

        Assert.Equal(ConnectionEndReason.LocalFault, fixture.Record.Reason);
        _ = Assert.Single(fixture.LocalFaultLogs.Of(EventIds.LocalFault));
    }

    [Fact]
    public async Task HandleAsync_AccessLogOff_LogsNothing()
    {
        var fixture = new HandlerFixture(new ForwardingOptions { AccessLog = AccessLog.Off });
        fixture.MarkAllDown();

        await fixture.Connect().Handling.Done();

        Assert.Empty(fixture.Logs.States<ConnectionEndRecord>());
    }

    [Fact]
    public async Task HandleAsync_AccessLogErrors_LogsWhatDidNotComplete()
    {
        var fixture = new HandlerFixture(new ForwardingOptions { AccessLog = AccessLog.Errors });
        (_, InMemoryConnection backend) = fixture.Serves(1);
        (InMemoryConnection client, Task handling) = fixture.Connect();
        await client.Output.CompleteAsync();
        await backend.Output.CompleteAsync();
        await handling.Done();
        Assert.Empty(fixture.Logs.States<ConnectionEndRecord>());

        _ = fixture.Serves(1);
        (client, handling) = fixture.Connect();
        client.Abort();
        await handling.Done();

        Assert.Equal((2, ConnectionEndReason.ClientReset), (fixture.Record.Id, fixture.Record.Reason));
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

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task HandleAsync_TimeOfDayIsSet_EndsNothingAndMeasuresRightly(int direction)
    {
        var fixture = new HandlerFixture();
        (_, InMemoryConnection backend) = fixture.Serves(1);
        (InMemoryConnection client, Task handling) = fixture.Connect();

        fixture.Pass(TimeSpan.FromSeconds(3));
        fixture.Clock.Jump(direction * TimeSpan.FromDays(3_000));
        fixture.Pass(TimeSpan.FromSeconds(4));

        Assert.False(client.IsReset);
        await client.Output.CompleteAsync();
        await backend.Output.CompleteAsync();
        await handling.Done();
        Assert.Equal((ConnectionEndReason.Completed, TimeSpan.FromSeconds(7)), (fixture.Record.Reason, fixture.Record.Duration));
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
}
