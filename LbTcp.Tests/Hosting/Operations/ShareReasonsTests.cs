using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Hosting.Operations;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Hosting.Operations;

public sealed class ShareReasonsTests
{
    [Fact]
    public void Of_Weights_SaysThePartOfTheSum()
    {
        var service = new ObservedService("a:1 weight=3", "b:1 weight=2", "c:1");

        Assert.Equal(["weight 3 of 6 in all: 50 %"], ShareReasons.Of(service.Facts("a:1")));
        Assert.Equal(["weight 2 of 6 in all: 33.3 %"], ShareReasons.Of(service.Facts("b:1")));
    }

    [Fact]
    public void Of_SlowStart_SaysTheStepAndTheWeightInEffect()
    {
        var service = new ObservedService(
            new ServiceOptions { Backends = Pools.Options("a:1", "b:1"), SlowStartTime = TimeSpan.FromSeconds(30) });
        service.Check("a:1", ObservedService.Fails, 3);
        service.Check("a:1", ObservedService.Works, 2);
        service.Clock.Advance(TimeSpan.FromSeconds(10));
        service.Balancer.Advance();

        Assert.Equal(["weight 0.4 of 1.4 in all: 28.6 %", "slow start: 4 of 10 steps"], ShareReasons.Of(service.Facts("a:1")));
        Assert.Equal(["weight 1 of 1.4 in all: 71.4 %"], ShareReasons.Of(service.Facts("b:1")));
    }

    [Fact]
    public void Of_Overridden_SaysBothWeights()
    {
        var service = new ObservedService("a:1", "b:1");
        service.SetWeight("a:1", 3);

        Assert.Equal(
            ["weight 3 of 4 in all: 75 %", "weight 3 was set by an operator, 1 is configured"], ShareReasons.Of(service.Facts("a:1")));
    }

    [Fact]
    public void Of_Backup_SaysWhenItIsUsed()
    {
        var service = new ObservedService("a:1", "b:1 backup");
        Assert.Equal(["none: it is a backup: used while no other backend is available"], ShareReasons.Of(service.Facts("b:1")));

        service.Check("a:1", ObservedService.Fails, 3);

        Assert.Equal(
            ["weight 1 of 1 in all: 100 %", "backup: used while no other backend is available"], ShareReasons.Of(service.Facts("b:1")));
    }

    [Theory]
    [InlineData(Algorithm.LeastConn, "leastconn: goes by open connections per weight")]
    [InlineData(
        Algorithm.Random, "random: two backends are drawn by weight, and the one with fewer connections per weight is picked")]
    [InlineData(Algorithm.Source, "source: the address of the client decides; the weight is the share of all addresses")]
    internal void Of_Algorithm_SaysWhatItGoesBy(Algorithm algorithm, string expected)
    {
        var service = new ObservedService(new ServiceOptions { Backends = Pools.Options("a:1", "b:1"), Algorithm = algorithm });

        Assert.Equal([expected, "weight 1 of 2 in all: 50 %"], ShareReasons.Of(service.Facts("a:1")));
    }

    [Fact]
    public void Of_First_SaysWhoGetsThemAll()
    {
        var service = new ObservedService(
            new ServiceOptions { Backends = Pools.Options("a:1 max_connections=1", "b:1"), Algorithm = Algorithm.First });
        Assert.Equal(
            ["first: the first backend of the list with a free slot gets every connection"], ShareReasons.Of(service.Facts("a:1")));
        Assert.Equal(["first: a:1 gets every connection until it is full"], ShareReasons.Of(service.Facts("b:1")));

        service.Named("a:1").Occupy();

        Assert.Equal(
            ["first: b:1 gets every connection until it is full", "it is full, 1 of 1 connection"],
            ShareReasons.Of(service.Facts("a:1")));
        PickShares shares = service.Facts("a:1").Shares;
        Assert.Equal((0, 1), (shares.ShareOf(service.Named("a:1")), shares.ShareOf(service.Named("b:1"))));
    }

    [Fact]
    public void Of_Unhealthy_SaysWhySinceWhen()
    {
        var service = new ObservedService("a:1", "b:1");
        service.Check("a:1", ObservedService.Fails, 3);

        Assert.Equal(
            ["none: unhealthy since 14:02:00 UTC: 3 checks failed in a row: connection refused"],
            ShareReasons.Of(service.Facts("a:1")));
    }

    [Fact]
    public void Of_DrainedAndUnhealthy_SaysWhatTheOperatorWants()
    {
        var service = new ObservedService("a:1", "b:1");
        service.SetIntent("a:1", BackendIntent.Drain);
        service.Check("a:1", ObservedService.Fails, 3);

        Assert.Equal(["none: drain was set by local from unix at 14:02:00 UTC"], ShareReasons.Of(service.Facts("a:1")));
        Assert.Equal(
            "drain was set by local from unix at 14:02:00 UTC; 3 checks failed in a row: connection refused",
            StateReason.Of(service.Facts("a:1")));
    }

    [Fact]
    public void StateReason_HealthyWithoutNewConnections_SaysWhyItGetsNone()
    {
        var service = new ObservedService("a:1 max_connections=1", "b:1 backup", "c:1 weight=0");
        Assert.NotNull(service.Named("a:1").TryAcquire());

        Assert.Equal("it is full, 1 of 1 connection", StateReason.Of(service.Facts("a:1")));
        Assert.Equal("it is a backup: used while no other backend is available", StateReason.Of(service.Facts("b:1")));
        Assert.Equal("its weight is 0", StateReason.Of(service.Facts("c:1")));
    }
}
