using System.IO.Pipelines;
using LbTcp.Configuration;
using LbTcp.Diagnostics;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Forwarding;

/// <summary>What a client gets when there is no backend for it.</summary>
public sealed class ConnectionHandlerAllDownTests
{
    [Fact]
    public async Task HandleAsync_NoHealthyBackend_ResetsTheClientWithoutADial()
    {
        var fixture = new HandlerFixture();
        fixture.MarkAllDown();

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
        fixture.MarkAllDown();
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
        fixture.MarkAllDown();

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
        fixture.MarkAllDown();
        (InMemoryConnection client, Task handling) = fixture.Connect();

        fixture.Pass(TimeSpan.FromSeconds(30));
        await handling.Done();

        Assert.True(client.IsReset);
        Assert.Equal(ConnectionEndReason.NoBackendAvailable, fixture.Record.Reason);
    }

    [Fact]
    public async Task HandleAsync_NoHealthyBackendAndCloseAndTheClientSendsOn_ReadsAQuarterOfAMebibyteAtMost()
    {
        var fixture = new HandlerFixture(new ForwardingOptions { WhenAllDown = WhenAllDown.Close });
        fixture.MarkAllDown();
        (InMemoryConnection client, Task handling) = fixture.Connect();

        for (int i = 0; i < 16 && !handling.IsCompleted; i++)
            await client.Output.WriteAsync(new byte[16 * 1024]);

        await handling.Done(); // the system resets it, see the end-to-end tests
        Assert.Equal(ConnectionEndReason.NoBackendAvailable, fixture.Record.Reason);
    }

    [Fact]
    public async Task HandleAsync_PolicyPicksNone_NoBackendIsAvailable()
    {
        var fixture = new HandlerFixture(policy: new ScriptedPolicy((_, _) => null));

        await fixture.Connect().Handling.Done();

        Assert.Empty(fixture.Dials);
        Assert.Equal(ConnectionEndReason.NoBackendAvailable, fixture.Record.Reason);
    }
}
