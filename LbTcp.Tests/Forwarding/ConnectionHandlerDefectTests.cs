using System.IO.Pipelines;
using System.Net.Sockets;
using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Diagnostics;
using LbTcp.Forwarding;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Logging;
using NSubstitute;

namespace LbTcp.Tests.Forwarding;

/// <summary>A defect in one connection ends that connection, is logged once and leaves nothing behind.</summary>
public sealed class ConnectionHandlerDefectTests
{
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
    public async Task HandleAsync_ConnectorThrowsInTheLastOfSeveralDials_LogsTheDefectOnceAndLeavesNothingBehind()
    {
        var fixture = new HandlerFixture(new ForwardingOptions { Retries = 1 });
        ScriptedDial first = HedgeScenario.Begin(fixture, out InMemoryConnection client, out Task handling);
        var beside = new TaskCompletionSource<ConnectionResult>();
        fixture.Answers(2, _ => new ValueTask<ConnectionResult>(beside.Task));
        fixture.Pass(new ForwardingOptions().HedgeAfter);

        Assert.True(first.Refuse());
        beside.SetException(new InvalidOperationException("a defect"));
        await handling.Done();

        Assert.True(client.IsReset);
        _ = Assert.Single(fixture.Logs.Of(EventIds.ConnectionFault));
        Assert.Equal(ConnectionEndReason.InternalError, fixture.Record.Reason);
        HedgeScenario.AssertNothingIsLeft(fixture);
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
        var aborted = new TaskCompletionSource();
        connection.When(each => each.Abort()).Do(_ => aborted.TrySetResult());
        fixture.Answers(1, _ => ValueTask.FromResult(new ConnectionResult(connection, SocketError.Success)));

        (InMemoryConnection client, Task handling) = fixture.Connect();
        _ = await client.Output.WriteAsync(new byte[1]);

        await Until.TrueAsync(() => client.IsReset, "the client is reset");
        await aborted.Task.Done();
        Assert.False(handling.IsCompleted);
        await connection.DidNotReceive().DisposeAsync();
        await received.Writer.CompleteAsync(new ConnectionException(ConnectionSide.Backend, SocketError.OperationAborted));
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
            fixture.MarkAllDown();
        (InMemoryConnection connection, InMemoryConnection client) = InMemoryConnection.CreatePair();

        _ = await Assert.ThrowsAsync<IOException>(() => fixture.Handle(connection).Done());

        Assert.True(client.IsReset);
        Assert.True(connection.IsDisposed);
        Assert.Equal([0, 0, 0], fixture.Counts);
        Assert.Equal(0, fixture.Connections.Count);
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
}
