using LbTcp.Diagnostics;
using LbTcp.Forwarding;
using LbTcp.Hosting;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Hosting;

/// <summary>Several services in one process.</summary>
public sealed class ServiceGroupTests : IDisposable
{
    private readonly LoadBalancerFixture[] _services;
    private readonly ConnectionSlots _slots = new(4);
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _aborting = new();

    public ServiceGroupTests()
    {
        var ids = new ConnectionIds();
        _services = [.. Enumerable.Range(0, 3).Select(_ => new LoadBalancerFixture(_slots, ids))];
    }

    public void Dispose()
    {
        foreach (LoadBalancerFixture service in _services)
            service.Dispose();
        _stopping.Dispose();
        _aborting.Dispose();
    }

    [Fact]
    public async Task RunAsync_ClientsOfAllServices_AreServedAndNumberedOnce()
    {
        Task<bool> run = Run();
        InMemoryConnection[] clients = [.. _services.Select(service => service.Script.Connect())];
        await Until.TrueAsync(
            () => Array.TrueForAll(_services, service => service.Connections.Count == 1), "each service serves its client");

        foreach ((LoadBalancerFixture service, InMemoryConnection client) in _services.Zip(clients))
            await service.EndAsync(client);
        await Until.TrueAsync(() => _slots.Used == 0, "all have ended");

        Assert.Equal([1, 2, 3], _services.Select(service => Assert.Single(service.HandlerLogs.EndRecords).Id).Order());
        await StopAsync(run);
    }

    [Fact]
    public async Task RunAsync_OneServiceTakesAllSlots_OthersWaitForOne()
    {
        Task<bool> run = Run();
        InMemoryConnection[] clients = [.. Enumerable.Range(0, 4).Select(_ => _services[0].Script.Connect())];
        await Until.TrueAsync(() => _slots.IsFull, "the first service has all slots");
        _ = _services[1].Script.Connect();
        await Until.TrueAsync(() => _services[0].AcceptLogs.Of(EventIds.ConnectionLimitReached).Count == 1, "the limit is reached");

        clients[0].Abort();

        await Until.TrueAsync(() => _services[1].Connections.Count == 1, "the client of the second service is served");
        await StopAsync(run);
    }

    [Fact]
    public async Task RunAsync_OneServiceFails_AllDrainAndStop()
    {
        Task<bool> run = Run();
        InMemoryConnection client = _services[2].Script.Connect();
        await Until.TrueAsync(() => _services[2].Connections.Count == 1, "a client is served");

        _services[0].Script.Fail(System.Net.Sockets.SocketError.InvalidArgument);
        await Until.TrueAsync(() => _services[2].DrainLogs.Of(EventIds.Draining).Count == 1, "another service drains");
        await _services[2].EndAsync(client);

        Assert.False(await run.Done());
        _ = _services[0].Logs.Single(EventIds.ServiceFailed);
        Assert.Equal(ConnectionEndReason.Completed, Assert.Single(_services[2].HandlerLogs.EndRecords).Reason);
    }

    private Task<bool> Run()
    {
        ServiceGroup group = new([.. _services.Select(service => service.Create())]);
        return Task.Run(() => group.RunAsync(_stopping.Token, _aborting.Token));
    }

    private async Task StopAsync(Task<bool> run)
    {
        await _stopping.CancelAsync();
        await _aborting.CancelAsync();
        Assert.True(await run.Done());
        Assert.Equal(0, _slots.Used);
    }
}
