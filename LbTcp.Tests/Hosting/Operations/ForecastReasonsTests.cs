using System.Net;
using LbTcp.Backends;
using LbTcp.Balancing;
using LbTcp.Configuration;
using LbTcp.Hosting.Operations;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Hosting.Operations;

public sealed class ForecastReasonsTests
{
    private static readonly IPAddress _client = IPAddress.Parse("10.0.0.9");

    [Theory]
    [InlineData(Algorithm.RoundRobin, "roundrobin: it is the turn of a:1; each connection that comes before takes a turn")]
    [InlineData(Algorithm.LeastConn, "leastconn: a:1 has the fewest connections per weight, 0 with weight 2")]
    [InlineData(Algorithm.First, "first: a:1 is the first backend of the list with a free slot")]
    [InlineData(Algorithm.Random, "random: the one with fewer connections per weight of two that are drawn by weight")]
    internal void Of_Algorithm_SaysWhy(Algorithm algorithm, string expected) =>
        Assert.Equal([expected], Reasons(new ServiceOptions { Backends = Pools.Options("a:1 weight=2", "b:1"), Algorithm = algorithm }));

    [Fact]
    public void Of_Source_NamesTheClient()
    {
        var service = new ObservedService(new ServiceOptions { Backends = Pools.Options("a:1", "b:1"), Algorithm = Algorithm.Source });
        string name = service.Balancer.Current.Plan.Peek(new PickRequest(_client))!.Name;

        Assert.Equal([$"source: 10.0.0.9 belongs to {name} while the available backends stay the same"], Reasons(service));
    }

    [Fact]
    public void Of_OthersAreNotAvailable_SaysWhyNot()
    {
        var service = new ObservedService("a:1", "b:1 max_connections=1", "c:1", "d:1 backup");
        service.Named("b:1").Occupy();
        service.SetIntent("c:1", BackendIntent.Maint);

        Assert.Equal(
            [
                "roundrobin: it is the turn of a:1; each connection that comes before takes a turn",
                "b:1 gets none: it is full, 1 of 1 connection",
                "c:1 gets none: maint was set by local from unix at 14:02:00 UTC",
                "d:1 gets none: it is a backup: used while no other backend is available",
            ],
            Reasons(service));
    }

    [Theory]
    [InlineData(WhenAllDown.Reset, "no backend is available: the client is reset")]
    [InlineData(WhenAllDown.Close, "no backend is available: the connection is closed")]
    [InlineData(WhenAllDown.TryAny, "no backend is available: a:1 is tried all the same")]
    internal void Of_NoneIsAvailable_SaysWhatTheClientGets(WhenAllDown action, string expected)
    {
        var service = new ObservedService(new ServiceOptions
        {
            Backends = Pools.Options("a:1"),
            Forwarding = new ForwardingOptions { WhenAllDown = action },
        });
        service.Check("a:1", ObservedService.Fails, 3);

        Assert.Equal(expected, Reasons(service)[0]);
    }

    [Theory]
    [InlineData(100, "all backends are full: the client waits in the queue for 3s at most")]
    [InlineData(0, "all backends are full and the queue is disabled: the client is reset")]
    public void Of_AllAreFull_SaysThatTheClientWaits(int queue, string expected)
    {
        var service = new ObservedService(new ServiceOptions
        {
            Backends = Pools.Options("a:1 max_connections=1"),
            Forwarding = new ForwardingOptions { MaxQueue = queue, QueueTimeout = TimeSpan.FromSeconds(3) },
        });
        service.Named("a:1").Occupy();

        Assert.Equal(expected, Reasons(service)[0]);
    }

    private static IReadOnlyList<string> Reasons(ServiceOptions options) => Reasons(new ObservedService(options));

    private static IReadOnlyList<string> Reasons(ObservedService service)
    {
        PickSnapshot picks = service.Balancer.Current;
        IBalancingPlan plan = service.Options.Forwarding.WhenAllDown is WhenAllDown.TryAny ? picks.AnyPlan : picks.Plan;
        return ForecastReasons.Of(
            plan.Peek(new PickRequest(_client)),
            _client,
            [.. service.Pool.GetAllBackends().Select(backend => service.Facts(backend.Name))],
            service.Options);
    }
}
