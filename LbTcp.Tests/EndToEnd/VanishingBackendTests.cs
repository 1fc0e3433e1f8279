using LbTcp.Diagnostics;
using LbTcp.Tests.EndToEnd.Harness;

namespace LbTcp.Tests.EndToEnd;

/// <summary>
/// Backends whose host vanishes, before a client is connected to them. That clients are served although the time limit of a dial is an hour
/// shows that another backend was dialled beside it.
/// </summary>
public sealed class VanishingBackendTests : EndToEndScenario
{
    private readonly AdminSocket _admin;
    private NetworkNamespace? _near;
    private RemoteHost[] _hosts = [];

    public VanishingBackendTests()
    {
        _admin = Own(new AdminSocket());
        IsServingAtEnd = false; // out of reach from here
    }

    [SkippableTheory, ClassData(typeof(TransportNames))]
    public async Task HostVanishes_ClientsAreServedByAnotherAndItIsEjected(string transport)
    {
        LbTcpProcess lbtcp = await StartAsync(
            transport, "--connect-timeout", "1h", "--ejection-time", "1h", "--max-ejection-time", "1h");

        await _hosts[0].VanishAsync();
        IReadOnlyList<JsonLogRecord> ends = await ServeUntilDownAsync(lbtcp);

        Assert.All(ends, end => Assert.Equal(("completed", "web2"), (end["reason"], end["backend"])));
        Assert.All(ends.Take(3), end => Assert.Equal("[\"web1:no answer in 250ms\"]", end["attempts"]));
        Assert.Null(ends[^1]["attempts"]);
        JsonLogRecord down = Assert.Single(lbtcp.Records(EventIds.BackendDown));
        Assert.Equal(("web1", "3"), (down["backend"], down["failures"]));
        string reason = "no answer in 250ms to connection attempts of clients, another backend answered sooner, ejected for ";
        Assert.StartsWith(reason, down["reason"], StringComparison.Ordinal);
        Assert.Equal(ends.Count(end => end["attempts"] is not null), await _admin.CountHedgesAsync("won"));
        Assert.Contains(
            "\"trigger\":\"hedge\"", await _admin.GetAsync("api/v1/backends/default/web1"), StringComparison.Ordinal);
    }

    [SkippableTheory, ClassData(typeof(TransportNames))]
    public async Task HostReturns_GetsClientsAgain(string transport)
    {
        LbTcpProcess lbtcp = await StartAsync(
            transport, "--connect-timeout", "1h", "--hedge-after", "1s", "--check", "tcp", "--check-interval", "100ms",
            "--ejection-time", "1h", "--max-ejection-time", "1h");

        await _hosts[0].VanishAsync();
        _ = await ServeUntilDownAsync(lbtcp);
        await _hosts[0].ReturnAsync();
        await Until.TrueAsync(() => lbtcp.Records(EventIds.BackendUp).Any(IsOfTheFirst), "web1 is healthy again");

        Assert.Equal("web1", await ServeAsync(lbtcp));
    }

    [SkippableTheory, ClassData(typeof(TransportNames))]
    public async Task BothHostsVanish_ClientEndsInTimeAndNoneIsBlamedForALostRace(string transport)
    {
        LbTcpProcess lbtcp = await StartAsync(transport, "--connect-timeout", "500ms", "--passive-fall", "1");

        foreach (RemoteHost host in _hosts)
            await host.VanishAsync();
        using TestConnection client = await _near!.Run(() => TestConnection.ConnectAsync(lbtcp.EndPoint));
        Assert.Equal(0, await client.ReceiveToResetAsync());

        JsonLogRecord end = await lbtcp.EndRecordAsync();
        Assert.Equal(("connect_timeout", "backend"), (end["reason"], end["ended_by"]));
        Assert.Equal("[\"web1:timed out\",\"web2:timed out\"]", end["attempts"]);
        Assert.Equal((0, 0), (await _admin.CountHedgesAsync("won"), await _admin.CountHedgesAsync("lost")));
        Assert.All(lbtcp.Records(EventIds.BackendDown), down => Assert.StartsWith("timed out", down["reason"], StringComparison.Ordinal));
    }

    // The first of the backends is used as long as it can be. Each sends its name.
    private async Task<LbTcpProcess> StartAsync(string transport, params string[] flags)
    {
        _near = Own(await NetworkNamespace.CreateAsync());
        _hosts = [Own(await RemoteHost.CreateAsync(_near, 1)), Own(await RemoteHost.CreateAsync(_near, 2))];
        string[] backends = [.. _hosts.Select((host, index) =>
        {
            string name = $"web{index + 1}";
            return $"{host.Run(() => Backend(Behaviours.Banner(name), host.Address)).EndPoint},name={name}";
        })];
        return await StartInAsync(
            _near, [], ["--transport", transport, "--algorithm", "first", .. _admin.Flags, .. flags, "--backends", .. backends]);
    }

    // Serves clients until the first backend is down, and one more. Returns their end records.
    private async Task<IReadOnlyList<JsonLogRecord>> ServeUntilDownAsync(LbTcpProcess lbtcp)
    {
        const int Most = 50; // those that a busy machine delays say nothing about the backend
        IReadOnlyList<JsonLogRecord> ends = [];
        for (bool isDown = false; !isDown && ends.Count < Most;)
        {
            isDown = lbtcp.Records(EventIds.BackendDown).Any(IsOfTheFirst);
            Assert.Equal("web2", await ServeAsync(lbtcp));
            ends = await lbtcp.EndRecordsAsync(ends.Count + 1);
        }

        return ends;
    }

    private static bool IsOfTheFirst(JsonLogRecord record) => record["backend"] == "web1";

    private Task<string> ServeAsync(LbTcpProcess lbtcp) => _near!.Run(() => BannerAsync(lbtcp.EndPoint));
}
