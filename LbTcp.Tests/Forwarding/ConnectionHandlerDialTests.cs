using System.IO.Pipelines;
using System.Net.Sockets;
using LbTcp.Connections;
using LbTcp.Diagnostics;
using LbTcp.Tests.TestDoubles;
using NSubstitute;

namespace LbTcp.Tests.Forwarding;

/// <summary>What becomes of a dial whose client is done, or gone, before it has an answer.</summary>
public sealed class ConnectionHandlerDialTests
{
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
    public async Task HandleAsync_ClientFinishesWhileDialling_BackendGetsAllOfItAndItsEnd()
    {
        var fixture = new HandlerFixture();
        var dialled = new TaskCompletionSource<ConnectionResult>();
        fixture.Answers(1, _ => new ValueTask<ConnectionResult>(dialled.Task));
        (InMemoryConnection connection, InMemoryConnection backend) = InMemoryConnection.CreatePair(side: ConnectionSide.Backend);
        (InMemoryConnection client, Task handling) = fixture.Connect();

        await client.Output.WriteAsync(new byte[5]);
        await client.Output.CompleteAsync();
        fixture.Connections.Sweep();
        dialled.SetResult(new ConnectionResult(connection, SocketError.Success));
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
        var dialled = new TaskCompletionSource<ConnectionResult>();
        fixture.Answers(1, _ => new ValueTask<ConnectionResult>(dialled.Task));
        (InMemoryConnection connection, InMemoryConnection backend) = InMemoryConnection.CreatePair(side: ConnectionSide.Backend);
        (InMemoryConnection client, Task handling) = fixture.Connect();

        int ended = fixture.Connections.EndAll(ConnectionEndReason.DrainTimeout);
        dialled.SetResult(new ConnectionResult(connection, SocketError.Success));
        await handling.Done();

        Assert.Equal(1, ended);
        Assert.True(client.IsReset);
        Assert.True(backend.IsReset);
        Assert.True(connection.IsDisposed);
        Assert.Equal((ConnectionEndReason.DrainTimeout, ConnectionSide.LbTcp), (fixture.Record.Reason, fixture.Record.EndedBy));
        Assert.Equal([0, 0, 0], fixture.Counts);
    }
}
