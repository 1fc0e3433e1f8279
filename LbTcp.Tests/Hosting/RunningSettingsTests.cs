using System.Net.Sockets;
using LbTcp.Configuration;
using LbTcp.Diagnostics;
using LbTcp.Hosting;
using LbTcp.Tests.EndToEnd.Harness;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Hosting;

/// <summary>Settings of a service that change while it serves clients; what they do not concern is not disturbed.</summary>
public sealed class RunningSettingsTests : IDisposable
{
    private readonly TestBackend _backend = new(Behaviours.EchoAsync);

    public void Dispose() => _backend.Dispose();

    [Fact]
    public async Task Apply_AccessLogOff_EndsTheRecords()
    {
        await using RunningProcess process = await RunningProcess.StartAsync("sockets", Service());
        await EndAsync(process);
        _ = process.Records(EventIds.ConnectionClosed, 1);

        HostPlan plan = await process.ApplyAsync(Service() with { Forwarding = new ForwardingOptions { AccessLog = AccessLog.Off } });
        await EndAsync(process);
        await Until.TrueAsync(() => process.Limits.Slots.Used == 0, "the connection has ended");
        _ = await process.ApplyAsync(Service());
        await EndAsync(process);

        Assert.Equal(new SettingChange("access_log", "on", "off"), Assert.Single(Assert.Single(plan.Services).Settings));
        Assert.Equal(["1", "3"], process.Records(EventIds.ConnectionClosed, 2).Select(record => record["id"]));
    }

    [Fact]
    public async Task Apply_ShorterIdleTimeout_AppliesToOpenConnections()
    {
        await using RunningProcess process = await RunningProcess.StartAsync("sockets", Service());
        Socket client = await process.ConnectAsync("127.0.0.1");
        await RunningProcess.AssertEchoesAsync(client);

        _ = await process.ApplyAsync(
            Service() with { Forwarding = new ForwardingOptions { IdleTimeout = TimeSpan.FromMilliseconds(40) } });

        Assert.Equal("idle_timeout", process.Records(EventIds.ConnectionClosed, 1)[0]["reason"]);
    }

    [Fact]
    public async Task Apply_OnRemovedClose_ResetsConnectionsOfARemovedBackend()
    {
        using var other = new TestBackend(Behaviours.EchoAsync);
        ServiceOptions service = Service() with
        {
            Forwarding = new ForwardingOptions { OnRemoved = OnRemoved.Close, CloseSpread = TimeSpan.Zero },
        };
        await using RunningProcess process = await RunningProcess.StartAsync("sockets", service);
        Socket client = await process.ConnectAsync("127.0.0.1");
        await RunningProcess.AssertEchoesAsync(client);

        HostPlan plan = await process.ApplyAsync(service with { Backends = Pools.Options($"{other.EndPoint}") });

        Assert.Equal([$"{_backend.EndPoint}"], Assert.Single(plan.Services).Backends.Removed.Names());
        Assert.Equal(SocketError.ConnectionReset, (await client.ReceiveToEndAsync().Done()).End);
        Assert.Equal("backend_removed", process.Records(EventIds.ConnectionClosed, 1)[0]["reason"]);
    }

    [Fact]
    public async Task Apply_WhenAllDownAndChecks_ApplyWithoutARestart()
    {
        await using RunningProcess process = await RunningProcess.StartAsync("sockets", Service());
        _backend.GoDown();

        _ = await process.ApplyAsync(Service() with
        {
            HealthCheck = new HealthCheckOptions { Interval = TimeSpan.FromMilliseconds(40), Fall = 2, Rise = 2 },
            Forwarding = new ForwardingOptions { WhenAllDown = WhenAllDown.Close },
        });

        Assert.Equal("2", process.Records(EventIds.BackendDown, 1)[0]["failures"]);
        Assert.Equal("an orderly close", process.Records(EventIds.AllBackendsDown, 1)[0]["clients_get"]);
        Assert.Equal(SocketError.Success, (await (await process.ConnectAsync("127.0.0.1")).ReceiveToEndAsync().Done()).End);
        _backend.ComeUp();
        Assert.Equal("2", process.Records(EventIds.BackendUp, 1)[0]["successes"]);
    }

    [Fact]
    public async Task Apply_PassiveFall_AppliesToTheNextFailure()
    {
        using var other = new TestBackend(Behaviours.EchoAsync);
        ServiceOptions service = Service() with
        {
            Backends = Pools.Options($"{_backend.EndPoint}", $"{other.EndPoint}"),
            Algorithm = Algorithm.First,
            PassiveHealth = new PassiveHealthOptions { Fall = 0 },
        };
        await using RunningProcess process = await RunningProcess.StartAsync("sockets", service);
        _backend.GoDown();
        await RunningProcess.AssertEchoesAsync(await process.ConnectAsync("127.0.0.1"));

        _ = await process.ApplyAsync(service with { PassiveHealth = new PassiveHealthOptions { Fall = 2 } });
        await RunningProcess.AssertEchoesAsync(await process.ConnectAsync("127.0.0.1"));

        Assert.Equal("2", process.Records(EventIds.BackendDown, 1)[0]["failures"]);
    }

    [Fact]
    public async Task Apply_ShareOfAService_LimitsItAloneAndCanGrow()
    {
        ServiceOptions other = RunningProcess.Service("b", ["127.0.0.2"], $"{_backend.EndPoint}");
        await using RunningProcess process = await RunningProcess.StartAsync("sockets", Service() with { MaxConnections = 1 }, other);
        Socket first = await process.ConnectAsync("127.0.0.1");
        await RunningProcess.AssertEchoesAsync(first);
        Socket second = await process.ConnectAsync("127.0.0.1");
        JsonLogRecord reached = process.Records(EventIds.ConnectionLimitReached, 1)[0];
        await RunningProcess.AssertEchoesAsync(await process.ConnectAsync("127.0.0.2"));

        _ = await process.ApplyAsync(Service() with { MaxConnections = 2 }, other);
        await RunningProcess.AssertEchoesAsync(second);

        Assert.Equal(("a", "1"), (reached["service"], reached["limit"]));
        await RunningProcess.AssertEchoesAsync(first);
    }

    [Fact]
    public async Task Apply_MoreBackends_GetTheirPlacesForChecks()
    {
        await using RunningProcess process = await RunningProcess.StartAsync("sockets", Service());
        Assert.Equal(1, process.Limits.Checks.Probes);

        string[] backends = [.. Enumerable.Range(1, 20).Select(i => $"127.1.0.{i}:9")];
        _ = await process.ApplyAsync(Service() with { Backends = Pools.Options(backends) });

        Assert.Equal((20, 20), (process.Limits.Checks.Probes, process.Limits.ProbePlaces.Limit));
        Assert.Equal(process.Limits.Checks.HangUps, process.Limits.HangUps.Limit);
        Assert.Equal(process.Limits.Connections.Value, process.Limits.Slots.Limit);
    }

    private static async Task EndAsync(RunningProcess process)
    {
        Socket client = await process.ConnectAsync("127.0.0.1");
        await RunningProcess.AssertEchoesAsync(client);
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, (await client.ReceiveToEndAsync().Done()).Length);
    }

    private ServiceOptions Service() => RunningProcess.Service("a", ["127.0.0.1"], $"{_backend.EndPoint}");
}
