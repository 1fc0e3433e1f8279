using System.Net;
using LbTcp.Backends;
using LbTcp.Balancing;
using LbTcp.Configuration;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Balancing;

public sealed class PlanPeekTests
{
    [Theory]
    [InlineData(Algorithm.RoundRobin, 3)]
    [InlineData(Algorithm.RoundRobin, 2_000)] // too many for a sequence
    [InlineData(Algorithm.LeastConn, 3)]
    [InlineData(Algorithm.Source, 3)]
    [InlineData(Algorithm.First, 3)]
    internal void Peek_BeforeEveryPick_ReturnsWhatIsPickedAndTakesNoTurn(Algorithm algorithm, int backends)
    {
        BalancedPool pool = Pools.OfSize(backends, i => $"weight={(i % 4) + 1} max_connections=2").BalancedBy(Policies.Create(algorithm));

        for (int i = 0; i < 6; i++)
        {
            var request = new PickRequest(new IPAddress(i));
            Backend? peeked = pool.Current.Plan.Peek(in request);
            Assert.Same(peeked, pool.Current.Plan.Peek(in request));
            Backend picked = Assert.IsType<Backend>(pool.Current.Plan.Pick(in request));
            Assert.Same(peeked, picked);
            picked.Occupy();
        }
    }

    [Fact]
    public void Peek_Random_IsKnownOnlyIfOneIsLeft()
    {
        BalancedPool pool = Pools.Of("a:1 max_connections=1", "b:1").BalancedBy(Policies.Create(Algorithm.Random));
        var request = new PickRequest(Pools.Client);
        Assert.Null(pool.Current.Plan.Peek(in request));

        pool.Named("a:1").Occupy();

        Assert.Same(pool.Named("b:1"), pool.Current.Plan.Peek(in request));
    }

    [Theory]
    [InlineData(Algorithm.RoundRobin)]
    [InlineData(Algorithm.LeastConn)]
    [InlineData(Algorithm.Random)]
    [InlineData(Algorithm.Source)]
    [InlineData(Algorithm.First)]
    internal void Peek_AllAreFullOrNoneIsAvailable_IsNull(Algorithm algorithm)
    {
        BalancedPool pool = Pools.Of("a:1 max_connections=1").BalancedBy(Policies.Create(algorithm));
        var request = new PickRequest(Pools.Client);
        pool.Named("a:1").Occupy();
        Assert.Null(pool.Current.Plan.Peek(in request));

        _ = pool.MarkUnhealthy("a:1");

        Assert.Null(pool.Current.Plan.Peek(in request));
    }

    [Fact]
    public void Weights_SlowStart_AreInTenths()
    {
        BalancedPool pool = new(Pools.Of("a:1 weight=3", "b:1"), new RoundRobinPolicy(), TimeSpan.FromSeconds(30));
        _ = pool.MarkUnhealthy("a:1");
        _ = pool.MarkHealthy("a:1");

        Assert.Equal([3, 10], pool.Current.Weights.Weights.ToArray());
        Assert.Equal(10, pool.Current.UnitsPerWeight);
        Assert.Equal(1, Pools.Of("a:1").BalancedBy(new RoundRobinPolicy()).Current.UnitsPerWeight);
    }
}
