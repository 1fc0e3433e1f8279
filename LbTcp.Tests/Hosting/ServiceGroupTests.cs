using LbTcp.Diagnostics;
using LbTcp.Forwarding;
using LbTcp.Hosting;
using LbTcp.Tests.TestDoubles;
using NSubstitute;

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

    [Fact]
    public async Task Add_WhileOthersRun_RunsAndEndsWithThem()
    {
        using ServiceGroup group = new([_services[0].Create()]);
        Task<bool> run = Task.Run(() => group.RunAsync(_stopping.Token, _aborting.Token));
        await Until.TrueAsync(() => group.IsRunning, "the group runs");

        Assert.True(group.Add(_services[1].Create()));
        _ = _services[1].Script.Connect();
        await Until.TrueAsync(() => _services[1].Connections.Count == 1, "the added service serves its client");
        _services[1].Script.Fail(System.Net.Sockets.SocketError.InvalidArgument);
        await Until.TrueAsync(() => !group.IsRunning, "its failure stops the group");
        await _aborting.CancelAsync();

        Assert.False(await run.Done());
        Assert.False(group.Add(_services[2].Create()));
    }

    [Fact]
    public async Task RemoveAsync_ServiceWithAConnection_DrainsItWhileOthersRun()
    {
        LoadBalancer[] services = [.. _services.Select(service => service.Create())];
        using ServiceGroup group = new(services);
        Task<bool> run = Task.Run(() => group.RunAsync(_stopping.Token, _aborting.Token));
        InMemoryConnection client = _services[1].Script.Connect();
        await Until.TrueAsync(() => _services[1].Connections.Count == 1, "a client is served");

        await group.RemoveAsync(services[1]).Done();

        _services[1].Sockets.Received(1).Dispose();
        await Until.TrueAsync(() => _services[1].DrainLogs.Count(EventIds.Draining) == 1, "the service drains");
        Assert.False(client.IsReset);
        await _services[1].EndAsync(client);
        await Until.TrueAsync(() => _services[1].DrainLogs.Count(EventIds.Drained) == 1, "the service is drained");
        _ = _services[0].Script.Connect();
        await Until.TrueAsync(() => _services[0].Connections.Count == 1, "another service serves its client");
        await StopAsync(run);
    }

    [Fact]
    public async Task RunAsync_StopsWhileARemovedServiceDrains_WaitsForItWithinItsLimit()
    {
        LoadBalancer[] services = [.. _services.Select(service => service.Create())];
        using ServiceGroup group = new(services);
        Task<bool> run = Task.Run(() => group.RunAsync(_stopping.Token, _aborting.Token));
        InMemoryConnection client = _services[1].Script.Connect();
        await Until.TrueAsync(() => _services[1].Connections.Count == 1, "a client is served");
        await group.RemoveAsync(services[1]).Done();
        await Until.TrueAsync(() => _services[1].DrainLogs.Count(EventIds.Draining) == 1, "the service drains");

        await _stopping.CancelAsync();
        await Until.TrueAsync(() => !group.IsRunning, "the group stops");
        Assert.False(run.IsCompleted);
        await _services[1].Clock.HasTimersAsync(3);
        for (int second = 0; second < 30; second++)
            _services[1].Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.True(await run.Done());
        Assert.True(client.IsReset);
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
