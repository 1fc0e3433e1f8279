using LbTcp.Configuration;
using LbTcp.Hosting;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Hosting;

public class HostPlanTests
{
    private static readonly ServiceOptions _web = new()
    {
        Name = "web",
        Listen = [new ListenAddress(null, 8080), new ListenAddress("127.0.0.1", 8081)],
        Backends = Pools.Options("a:1", "b:1 weight=2", "c:1"),
    };

    [Fact]
    public void Between_TheSameReadAgain_IsEmptyAndTouchesNothing()
    {
        var plan = HostPlan.Between(Of(_web), Of(_web with
        {
            Listen = [.. _web.Listen],
            Backends = Pools.Options("a:1", "b:1 weight=2", "c:1"),
            Forwarding = new ForwardingOptions(),
            BackendsFile = "backends.txt",
        }));

        Assert.True(plan.IsEmpty);
        Assert.False(Assert.Single(plan.Services).IsTouched);
    }

    [Fact]
    public void Between_OtherOrderOfBackends_IsEmptyButTouchesTheService()
    {
        var plan = HostPlan.Between(Of(_web), Of(_web with { Backends = Pools.Options("c:1", "a:1", "b:1 weight=2") }));

        Assert.True(plan.IsEmpty);
        Assert.True(Assert.Single(plan.Services).IsTouched);
    }

    [Fact]
    public void Between_FileOfASettingHasAnotherContent_ChangesTheService()
    {
        var plan = HostPlan.Between(Of(WithRules("deny 10.0.0.1")), Of(WithRules("deny 10.0.0.2")));

        ServicePlan service = Assert.Single(plan.Services);
        Assert.Equal((ServiceChangeKind.Changed, true), (service.Kind, service.IsTouched));
        Assert.Equal("access_file", Assert.Single(service.Settings).Name);
        Assert.True(HostPlan.Between(Of(WithRules("deny all")), Of(WithRules("deny all"))).IsEmpty);

        static ServiceOptions WithRules(string text)
        {
            Assert.True(AccessFile.TryParse("access.txt", text, out AccessFile? file, out _));
            return _web with { Admission = new AdmissionOptions { AccessFile = "access.txt", FileRules = file } };
        }
    }

    [Fact]
    public void Between_ServicesComeAndGo_AreMatchedByName()
    {
        ServiceOptions[] others = [_web with { Name = "x" }, _web with { Name = "y" }];

        var plan = HostPlan.Between(
            Of(_web, others[0]),
            Of(others[1] with { Listen = [new ListenAddress(null, 1)] }, _web with { Forwarding = new ForwardingOptions { Retries = 5 } }));

        Assert.Equal(
            [("y", ServiceChangeKind.Added), ("web", ServiceChangeKind.Changed), ("x", ServiceChangeKind.Removed)],
            plan.Services.Select(service => (service.Name, service.Kind)));
        Assert.Equal(3, plan.Services[0].Backends.Added.Count);
        Assert.Equal(3, plan.Services[2].Backends.Removed.Count);
    }

    [Fact]
    public void Between_AServiceChanges_TellsWhat()
    {
        var plan = HostPlan.Between(Of(_web), Of(_web with
        {
            Listen = [new ListenAddress(null, 8080), new ListenAddress(null, 9090)],
            Backends = Pools.Options("a:1", "b:1 weight=3", "d:1"),
            Algorithm = Algorithm.LeastConn,
            MaxConnections = 100,
            HealthCheck = new HealthCheckOptions { Rise = 9 },
        }));

        ServicePlan service = Assert.Single(plan.Services);
        Assert.Equal(["*:9090"], service.Opened.Select(address => $"{address}"));
        Assert.Equal(["127.0.0.1:8081"], service.Closed.Select(address => $"{address}"));
        Assert.Equal(["d:1"], service.Backends.Added.Names());
        Assert.Equal(["c:1"], service.Backends.Removed.Names());
        Assert.Equal((2, 3), service.Backends.Changed.Select(change => (change.Old.Weight, change.New.Weight)).Single());
        Assert.Equal(
            [
                new SettingChange("algorithm", "roundrobin", "leastconn"),
                new SettingChange("rise", "2", "9"),
                new SettingChange("max_connections", "as of the process", "100"),
            ],
            service.Settings);
    }

    [Fact]
    public void Between_ModeOfASocketChanges_IsRefused()
    {
        Assert.True(ListenAddress.TryParse("unix:/run/a,mode=600", out ListenAddress? running, out _));
        Assert.True(ListenAddress.TryParse("unix:/run/a,mode=666", out ListenAddress? next, out _));

        var plan = HostPlan.Between(Of(_web with { Listen = [running] }), Of(_web with { Listen = [next] }));

        Assert.Equal(["mode, owner and group of unix:/run/a cannot change while running; restart lbtcp."], plan.Refusals);
    }

    [Fact]
    public void Between_SettingsThatNeedARestart_AreRefusedOneByOne()
    {
        var plan = HostPlan.Between(Of(_web), Of(_web) with
        {
            TransportKind = TransportKind.Sockets,
            Transport = new TransportOptions { KeepAlive = TimeSpan.FromSeconds(1), DeadPeerTimeout = TimeSpan.FromSeconds(2) },
            LogFormat = LogFormat.Json,
            Admin = new ListenAddress("127.0.0.1", 9900),
            AdminTokenFile = "token",
        });

        Assert.Equal(
            [
                "keepalive cannot change while running; restart lbtcp.",
                "dead_peer_timeout cannot change while running; restart lbtcp.",
                "transport cannot change while running; restart lbtcp.",
                "admin cannot change while running; restart lbtcp.",
                "admin_token_file cannot change while running; restart lbtcp.",
                "log_format cannot change while running; restart lbtcp.",
            ],
            plan.Refusals);
    }

    [Fact]
    public void Between_AnAddressThatOverlapsWithAnOpenOne_IsRefused() => Assert.Equal(
        ["Cannot listen on *:8081: lbtcp listens on 127.0.0.1:8081, which overlaps. Use another port, or restart."],
        HostPlan.Between(Of(_web), Of(_web with { Listen = [new ListenAddress(null, 8080), new ListenAddress(null, 8081)] })).Refusals);

    [Fact]
    public void Between_TwoServicesWithOneListenAddress_AreRefused() => Assert.Equal(
        ["The services web and x have the listen address 127.0.0.1:8081 in common."],
        HostPlan.Between(
            Of(_web), Of(_web, _web with { Name = "x", Listen = [new ListenAddress("127.0.0.1", 8081), new ListenAddress(null, 1)] }))
            .Refusals);

    private static HostOptions Of(params ServiceOptions[] services) => new() { Services = services };
}
