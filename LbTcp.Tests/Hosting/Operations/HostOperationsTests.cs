using System.Net;
using System.Net.Sockets;
using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Diagnostics;
using LbTcp.Hosting.Operations;
using LbTcp.Tests.Connections;
using LbTcp.Tests.EndToEnd.Harness;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Logging;

namespace LbTcp.Tests.Hosting.Operations;

/// <summary>What an operator sees and does, with a real process.</summary>
public sealed class HostOperationsTests : IDisposable
{
    private static readonly Requester _operator = new("uid 1000", "unix");

    private readonly TestBackend _web1 = new(Behaviours.EchoAsync);
    private readonly TestBackend _web2 = new(Behaviours.EchoAsync);

    public static TheoryData<string> TransportNames => new TransportNames();

    public void Dispose()
    {
        _web1.Dispose();
        _web2.Dispose();
    }

    [Theory]
    [MemberData(nameof(TransportNames))]
    public async Task ReadBackend_BackendIsKilledAndReturns_TellsWhatHappenedAndWhatIsNext(string transport)
    {
        await using OperatedProcess process = await OperatedProcess.StartAsync(transport, Web());
        Assert.Equal(TransitionTrigger.Start, Assert.Single(Detail(process, "web1").Transitions).Trigger);

        _web1.GoDown();
        await Until.TrueAsync(() => Detail(process, "web1").Transitions[0].State == "unhealthy", "web1 is unhealthy");

        BackendDetail web1 = Detail(process, "web1");
        Assert.Equal("3 checks failed in a row: connection refused", web1.Reason);
        Assert.Equal((false, 0.0, 0.0), (web1.Available, web1.EffectiveWeight, web1.Share));
        Assert.Equal(("unhealthy", TransitionTrigger.Active), (web1.Transitions[0].State, web1.Transitions[0].Trigger));
        Assert.Equal(web1.Since, web1.Transitions[0].Time);
        Assert.Equal((CheckOutcome.Failure, "connection refused"), (web1.LastCheck!.Outcome, web1.LastCheck.Detail));
        Assert.True(web1.ChecksInRow >= 3);
        Assert.Equal(["2 successes in a row make it healthy"], web1.Next);
        Assert.NotNull(web1.NextCheck);
        Assert.Equal([$"{_web1.EndPoint}"], web1.Addresses);
        BackendStatus web2 = Assert.Single(process.View.ReadBackends("web"), backend => backend.Name == "web2");
        Assert.Equal((true, 1.0), (web2.Available, web2.Share));
        Assert.Equal((2, 1), (Service(process).Backends, Service(process).BackendsAvailable));
        Assert.Equal(("web", "web1"), (Event(process, EventIds.BackendDown).Service, Event(process, EventIds.BackendDown).Backend));

        _web1.ComeUp();
        await Until.TrueAsync(() => Detail(process, "web1").Transitions[0].State == "healthy", "web1 is healthy again");
        Assert.True(Detail(process, "web1").Available);
        Assert.Equal("2 checks succeeded in a row: connected", Detail(process, "web1").Reason);
    }

    [Fact]
    public async Task ReadServices_AClientIsOverALimit_CountsThoseThatWait()
    {
        await using OperatedProcess process = await OperatedProcess.StartAsync("sockets", Web() with
        {
            Admission = new AdmissionOptions { MaxConnectionsPerSource = 1, OverLimit = OverLimit.Wait },
            Forwarding = new ForwardingOptions { QueueTimeout = TimeSpan.FromMinutes(1) },
        });
        Socket first = await process.ConnectAsync("web");
        _ = await process.ConnectAsync("web");

        await Until.TrueAsync(() => Service(process).AdmissionWaiting == 1, "one of the clients waits");
        Assert.Equal((1, 0), (Assert.Single(process.View.ReadCounts().Services).AdmissionWaiting, Service(process).Queued));
        first.Dispose();

        await Until.TrueAsync(() => Service(process).AdmissionWaiting == 0, "the other one is admitted");
    }

    [Fact]
    public async Task SetIntent_Drain_KeepsNewConnectionsAwayAndIsLoggedWithTheRequester()
    {
        await using OperatedProcess process = await OperatedProcess.StartAsync("sockets", Web());

        ChangeResult drained = process.Control.SetIntent("web", $"{_web1.EndPoint}", BackendIntent.Drain, _operator);

        Assert.Equal(ChangeStatus.Done, drained.Status);
        Assert.Equal("web1 is draining: it gets no new connections; no connection is open.", drained.Message);
        BackendDetail web1 = Detail(process, "web1");
        Assert.Equal((BackendIntent.Drain, false), (web1.Intent, web1.Available));
        Assert.StartsWith("drain was set by uid 1000 from unix at ", web1.Next[0], StringComparison.Ordinal);
        Assert.Equal("web2", Assert.Single(process.View.ForecastPick(IPAddress.Loopback)).Backend);
        _ = process.WaitForLog("intent set backend=web1 intent=drain was=ready by=\"uid 1000\" from=unix");
        Assert.Equal("web", Event(process, EventIds.IntentSet).Service);
        Assert.Equal(
            (ChangeStatus.Unchanged, "web1 is draining already."),
            Values(process.Control.SetIntent("web", "web1", BackendIntent.Drain, _operator)));
    }

    [Fact]
    public async Task ReadAccess_OfAClient_IsWhatTheRulesDecide()
    {
        ServiceOptions web = Web() with { Admission = Access.File("deny 10.0.0.0/8") };
        await using OperatedProcess process = await OperatedProcess.StartAsync("sockets", web);
        IPAddress refused = IPAddress.Parse("10.0.0.9");

        Assert.Equal(
            new AccessStatus("web", false, "deny 10.0.0.0/8", "access.txt:1", "is refused by deny 10.0.0.0/8, access.txt:1"),
            process.View.ReadAccess("web", refused));
        Assert.Equal(new AccessStatus("web", true, null, null, "is admitted: no rule matches"), process.View.ReadAccess("web", null));
        Assert.Null(process.View.ReadAccess("wev", refused));
        PickForecast forecast = Assert.Single(process.View.ForecastPick(refused));
        Assert.Equal((null, "the client is refused by deny 10.0.0.0/8, access.txt:1"), (forecast.Backend, Assert.Single(forecast.Reasons)));
        Assert.True(Assert.Single(process.View.ForecastPick(IPAddress.Loopback)).Access.Admitted);
    }

    [Fact]
    public async Task SetWeight_AndBack_ChangesTheShareAndIsLogged()
    {
        await using OperatedProcess process = await OperatedProcess.StartAsync("sockets", Web());

        Assert.Equal(
            (ChangeStatus.Done, "web1 has the weight 3; 1 is configured."),
            Values(process.Control.SetWeight("web", "web1", 3, _operator)));

        BackendDetail web1 = Detail(process, "web1");
        Assert.Equal((1, 3, 0.75), (web1.Weight, web1.WeightOverride, web1.Share));
        Assert.Equal("weight 3", web1.Transitions[0].State);
        _ = process.WaitForLog("weight set backend=web1 weight=3 was=1 configured=1 by=\"uid 1000\" from=unix");
        Assert.Equal(
            (ChangeStatus.Done, "web1 has its configured weight again, 1; it was 3."),
            Values(process.Control.SetWeight("web", "web1", null, _operator)));
        Assert.Equal(ChangeStatus.Unchanged, process.Control.SetWeight("web", "web1", null, _operator).Status);
        Assert.Equal(ChangeStatus.Refused, process.Control.SetWeight("web", "web1", 257, _operator).Status);
    }

    [Fact]
    public async Task SetIntent_UnknownServiceOrBackend_SaysWhichThereAre()
    {
        await using OperatedProcess process = await OperatedProcess.StartAsync("sockets", Web());

        Assert.Equal(
            (ChangeStatus.NotFound, "There is no service wep; there is web."),
            Values(process.Control.SetIntent("wep", "web1", BackendIntent.Drain, _operator)));
        Assert.Equal(
            (ChangeStatus.NotFound, "The service web has no backend web3; there are web1, web2."),
            Values(process.Control.SetIntent("web", "web3", BackendIntent.Drain, _operator)));
        Assert.Null(process.View.ReadBackend("web", "web3"));
        Assert.Null(process.View.ReadBackend("wep", "web1"));
    }

    [Fact]
    public async Task ReloadAsync_DryRunThenReal_SaysTheSameAndAppliesItOnce()
    {
        await using OperatedProcess process = await OperatedProcess.StartAsync("sockets", Web());
        using var web3 = new TestBackend(Behaviours.EchoAsync);
        string change = $"reload added backend=web3 address={web3.EndPoint} weight=1";
        process.Configuration = process.Configuration with { Options = RunningProcess.Options(Web($"{web3.EndPoint} name=web3")) };

        ReloadReport dry = await process.Control.ReloadAsync(dryRun: true, _operator, CancellationToken.None).Done();
        Assert.Equal((false, 2), (dry.Applied, Service(process).Backends));
        Assert.Equal([change], dry.Changes);

        ReloadReport real = await process.Control.ReloadAsync(dryRun: false, _operator, CancellationToken.None).Done();
        Assert.True(real.Applied);
        Assert.Equal([change], real.Changes);
        Assert.Equal(3, Service(process).Backends);
        Assert.Equal(("added", TransitionTrigger.Reload), (
            Detail(process, "web3").Transitions[0].State, Detail(process, "web3").Transitions[0].Trigger));
        string log = process.WaitForLog("reload done source=flags trigger=admin added=1");
        Assert.Contains("reload requested by=\"uid 1000\" from=unix", log, StringComparison.Ordinal);
        Assert.Equal((1, 0), (process.View.ReadProcess().ReloadsDone, process.View.ReadProcess().ReloadsRefused));
    }

    [Fact]
    public async Task ReloadAsync_Refused_SaysWhyAndKeepsWhatRuns()
    {
        await using OperatedProcess process = await OperatedProcess.StartAsync("sockets", Web());
        process.Configuration = new ConfigurationResult(null, [new("lbtcp.json", "unknown key \"x\"", 7, 9)], []);

        ReloadReport report = await process.Control.ReloadAsync(dryRun: false, _operator, CancellationToken.None).Done();

        Assert.False(report.Applied);
        Assert.Equal(["lbtcp.json:7:9: unknown key \"x\""], report.Errors);
        Assert.Equal(1, process.View.ReadProcess().ReloadsRefused);
    }

    [Fact]
    public async Task SetLogLevel_Changes_LastsThroughReloadsThatDoNotChangeIt()
    {
        await using OperatedProcess process = await OperatedProcess.StartAsync("sockets", Web());

        Assert.Equal(
            (ChangeStatus.Done, "The log level is error; it was info."), Values(process.Control.SetLogLevel(LogLevel.Error, _operator)));
        _ = await process.Control.ReloadAsync(dryRun: false, _operator, CancellationToken.None).Done();
        Assert.Equal("error", process.View.ReadProcess().LogLevel);
        Assert.Equal(ChangeStatus.Unchanged, process.Control.SetLogLevel(LogLevel.Error, _operator).Status);
        _ = process.WaitForLog("log level set level=error was=info by=\"uid 1000\" from=unix");

        process.Configuration = process.Configuration with
        {
            Options = process.Configuration.Options! with { LogLevel = LogLevel.Debug },
        };
        _ = await process.Control.ReloadAsync(dryRun: false, _operator, CancellationToken.None).Done();

        Assert.Equal("debug", process.View.ReadProcess().LogLevel);
    }

    [Theory]
    [MemberData(nameof(TransportNames))]
    public async Task ReadProcess_Runs_HasTheNumbersOfTheSystem(string transport)
    {
        await using OperatedProcess process = await OperatedProcess.StartAsync(transport, Web());
        Socket client = await process.ConnectAsync("web");
        await RunningProcess.AssertEchoesAsync(client);

        ProcessStatus status = process.View.ReadProcess();

        Assert.Equal((ProcessState.Running, transport, "info"), (status.State, status.Transport, status.LogLevel));
        Assert.Equal(1, status.Open);
        Assert.InRange(status.DescriptorsUsed, 4, (int)Math.Min(status.DescriptorsLimit ?? int.MaxValue, int.MaxValue));
        Assert.True(status.MemoryBytes > 1_000_000);
        Assert.Equal(status.Reactors.Count, status.SplicePipesLimit);
        Assert.Equal(Transports.IsEpoll(transport) ? 1 : 0, status.Reactors.Sum(reactor => reactor.Clients));
        Assert.All(status.Reactors, reactor => Assert.InRange(reactor.BusyRatio, 0, 1));
        LivenessReport alive = await process.View.VerifyAliveAsync(CancellationToken.None).Done();
        Assert.True(alive.IsAlive, string.Join(' ', alive.Problems));
    }

    private static BackendDetail Detail(OperatedProcess process, string backend) =>
        Assert.IsType<BackendDetail>(process.View.ReadBackend("web", backend));

    private static ServiceStatus Service(OperatedProcess process) => Assert.Single(process.View.ReadServices());

    private static EventRecord Event(OperatedProcess process, int code) =>
        Assert.Single(process.View.Events.After(0), record => record.Code == code);

    private static (ChangeStatus Status, string Message) Values(ChangeResult result) => (result.Status, result.Message);

    // Checks are often, connections of clients eject nothing.
    private ServiceOptions Web(params string[] further) =>
        RunningProcess.Service("web", ["127.0.0.1"], [$"{_web1.EndPoint} name=web1", $"{_web2.EndPoint} name=web2", .. further]) with
        {
            HealthCheck = new HealthCheckOptions { Kind = CheckKind.Tcp, Interval = TimeSpan.FromMilliseconds(100) },
            PassiveHealth = new PassiveHealthOptions { Fall = 0 },
        };
}
