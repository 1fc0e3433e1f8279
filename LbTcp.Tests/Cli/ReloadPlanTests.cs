using LbTcp.Cli;
using LbTcp.Configuration;
using LbTcp.Hosting;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Logging;

namespace LbTcp.Tests.Cli;

public class ReloadPlanTests
{
    private static readonly ServiceOptions _web = new() { Name = "web", Backends = Pools.Options("a:1") };

    [Fact]
    public void Write_BackendsDiffer_HasTheLinesOfTheLog() => Assert.Equal(
        [
            "reload added backend=web4 address=d:1 weight=2",
            "reload changed backend=b:1 backup=on was=off",
            "reload changed backend=b:1 max_connections=9 was=\"no limit\"",
            "reload changed backend=web1 weight=3 was=1",
            "reload removed backend=web3 on_removed=drain",
            "backends added=1 changed=2 removed=1 unchanged=1",
        ],
        Plan(
            Of(With("a:1 name=web1", "b:1", "c:1 name=web3", "e:1")),
            Of(With("d:1 name=web4 weight=2", "b:1 backup max_connections=9", "e:1", "a:1 name=web1 weight=3"))));

    [Fact]
    public void Write_ListenersAndSettingsOfAServiceDiffer_TellsEach() => Assert.Equal(
        [
            "reload changed setting log_level=debug was=info",
            "reload opened listen=*:9090",
            "reload closed listen=127.0.0.1:8080",
            "reload changed setting algorithm=leastconn was=roundrobin",
            "reload changed setting max_connections=100 was=\"as of the process\"",
            "backends added=0 changed=0 removed=0 unchanged=1",
        ],
        Plan(
            Of(_web),
            new HostOptions
            {
                Services = [_web with { Listen = [new ListenAddress(null, 9090)], Algorithm = Algorithm.LeastConn, MaxConnections = 100 }],
                LogLevel = LogLevel.Debug,
            }));

    [Fact]
    public void Write_ServicesComeAndGo_NamesTheServiceOfEachLine() => Assert.Equal(
        [
            "reload changed setting service=web rise=9 was=2",
            "reload added service=web backend=b:1 address=b:1 weight=1",
            "reload added service name=db listen=*:5432 backends=2",
            "reload removed service name=mail drain_timeout=60s",
            "backends added=3 changed=0 removed=1 unchanged=1",
        ],
        Plan(
            Of(_web, _web with { Name = "mail", DrainTimeout = TimeSpan.FromMinutes(1) }),
            Of(
                With("a:1", "b:1") with { HealthCheck = new HealthCheckOptions { Rise = 9 } },
                With("c:1", "d:1") with { Name = "db", Listen = [new ListenAddress(null, 5432)] })));

    [Fact]
    public void Write_OtherOrder_IsNoChange() =>
        Assert.Equal(["no change"], Plan(Of(With("a:1", "b:1 weight=2")), Of(With("b:1 weight=2", "a:1"))));

    [Fact]
    public void Write_OptionsWrittenDifferently_AreNoChange() =>
        Assert.Equal(["no change"], Plan(Of(With("a:1", "b:1 backup weight=2")), Of(With("a:1 weight=1", "b:1 weight=2 backup"))));

    private static ServiceOptions With(params string[] backends) => _web with { Backends = Pools.Options(backends) };

    private static HostOptions Of(params ServiceOptions[] services) => new() { Services = services };

    private static string[] Plan(HostOptions before, HostOptions after)
    {
        using var output = new StringWriter();
        ReloadPlan.Write(HostPlan.Between(before, after), output);
        return output.ToString().Split(Environment.NewLine)[..^1];
    }
}
