using LbTcp.Diagnostics;
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
    public async Task RunAsync_ClientsComeAndGoAtTheLimit_LogsTheBeginningAndTheEndOnce()
    {
        Task<bool> run = _fixture.Run();
        Queue<InMemoryConnection> clients = new([_fixture.Script.Connect(), _fixture.Script.Connect()]);
        for (int accepts = 3; accepts <= 50; accepts++)
        {
            await Until.TrueAsync(() => _fixture.Connections.Count == 2, "the limit is reached");
            clients.Enqueue(_fixture.Script.Connect());
            clients.Dequeue().Abort();
            await Until.TrueAsync(() => _fixture.Script.Accepts == accepts, "the next is accepted");
        }

        _ = Assert.Single(_fixture.AcceptLogs.Of(EventIds.ConnectionLimitReached));
        Assert.Empty(_fixture.AcceptLogs.Of(EventIds.ConnectionLimitLeft));
        foreach (InMemoryConnection client in clients)
            client.Abort();
        await Until.TrueAsync(() => _fixture.Connections.Count == 0, "all have left");
        _ = _fixture.Script.Connect();
        await Until.TrueAsync(() => _fixture.AcceptLogs.Of(EventIds.ConnectionLimitLeft).Count == 1, "it logs the end");
        await _fixture.StopAsync(run);
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
