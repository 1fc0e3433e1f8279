using LbTcp.Diagnostics;
using LbTcp.Forwarding;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Hosting;

/// <summary>The connection limit: which clients wait, and what is logged.</summary>
public sealed class LoadBalancerLimitTests : IDisposable
{
    private readonly LoadBalancerFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task RunAsync_AtTheLimit_AcceptsNoClientUntilASlotIsFree()
    {
        Task<bool> run = _fixture.Run();
        InMemoryConnection first = _fixture.Script.Connect();
        _ = _fixture.Script.Connect();
        await Until.TrueAsync(() => _fixture.AcceptLogs.Of(EventIds.ConnectionLimitReached).Count == 1, "the limit is reached");
        Assert.Equal(2, _fixture.Script.Accepts);

        _ = _fixture.Script.Connect();
        Assert.Equal(2, _fixture.Connections.Count);
        first.Abort();

        await Until.TrueAsync(() => _fixture.Script.Accepts == 3 && _fixture.Connections.Count == 2, "the third is served");
        await _fixture.StopAsync(run);
    }

    [Fact]
    public async Task RunAsync_ClientsComeAndGoAtTheLimit_LogsTheBeginningOnceAndTheEndWhenATenthIsFree()
    {
        using var fixture = new LoadBalancerFixture(new ConnectionSlots(20), new ConnectionIds());
        Task<bool> run = fixture.Run();
        Queue<InMemoryConnection> clients = new(Enumerable.Range(0, 20).Select(_ => fixture.Script.Connect()));
        await Until.TrueAsync(() => fixture.AcceptLogs.Of(EventIds.ConnectionLimitReached).Count == 1, "the limit is reached");
        for (int accepts = 21; accepts <= 50; accepts++) // one of twenty leaves and comes, and then two of them
            await ReplaceAsync(fixture, clients, leaving: accepts % 2 == 0 ? 2 : 1);

        _ = Assert.Single(fixture.AcceptLogs.Of(EventIds.ConnectionLimitReached));
        Assert.Empty(fixture.AcceptLogs.Of(EventIds.ConnectionLimitLeft));
        await LeaveAsync(fixture, clients, 4);
        await ConnectAsync(fixture, clients); // three are missing after it
        await Until.TrueAsync(() => fixture.AcceptLogs.Of(EventIds.ConnectionLimitLeft).Count == 1, "it logs the end");
        await fixture.StopAsync(run);
    }

    private static async Task ReplaceAsync(LoadBalancerFixture fixture, Queue<InMemoryConnection> clients, int leaving)
    {
        await LeaveAsync(fixture, clients, leaving);
        for (int i = 0; i < leaving; i++)
            await ConnectAsync(fixture, clients);
    }

    private static Task LeaveAsync(LoadBalancerFixture fixture, Queue<InMemoryConnection> clients, int count)
    {
        for (int i = 0; i < count; i++)
            clients.Dequeue().Abort();
        return Until.TrueAsync(() => fixture.Connections.Slots.Used == clients.Count, "they have left");
    }

    // Waits for the loop to be back at the listener, or at the limit: only then it has seen how many slots are free.
    private static async Task ConnectAsync(LoadBalancerFixture fixture, Queue<InMemoryConnection> clients)
    {
        int accepts = fixture.Script.Accepts;
        clients.Enqueue(fixture.Script.Connect());
        await Until.TrueAsync(
            () => fixture.Connections.Slots.IsFull || (fixture.Script.Accepts > accepts && fixture.Connections.Slots.Used == clients.Count),
            "the next is accepted");
    }

    [Fact]
    public async Task RunAsync_StoppedAtTheLimit_Drains()
    {
        Task<bool> run = _fixture.Run();
        _ = _fixture.Script.Connect();
        _ = _fixture.Script.Connect();
        await Until.TrueAsync(() => _fixture.AcceptLogs.Of(EventIds.ConnectionLimitReached).Count == 1, "the limit is reached");

        await _fixture.StopAsync(run);
    }
}
