using LbTcp.Backends;
using LbTcp.Balancing;
using LbTcp.Configuration;
using LbTcp.Forwarding;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Time.Testing;

namespace LbTcp.Tests.Forwarding;

public sealed class BackendRoutesTests : ConnectionQueueScenario
{
    private int _tableChanges;

    [Fact]
    public void Pick_NoServerNames_IsTheDefaultRouteOfTheWholePool()
    {
        BackendPool pool = Pools.Of("a:1", "b:1");
        BackendRoutes routes = Routes(pool);

        Assert.Empty(routes.Table.Named);
        Assert.Same(routes.Default, routes.Table.Find(null));
        Assert.Same(routes.Default, routes.Table.Find("a.example"));
        Assert.Same(pool.Snapshot, routes.Default.Balancer.Current.Pool);
    }

    [Fact]
    public void Pick_ServerNames_TakesTheBackendsOfTheGroupOnly()
    {
        BackendRoutes routes = Routes(Pools.Of(
            "a:1 server_name=x.example/*.y.example", "b:1 server_name=x.example", "c:1 server_name=*.y.example", "d:1", "e:1"));

        Assert.Equal(["a:1", "b:1", "a:1", "b:1"], Picks(routes, "x.example", 4));
        Assert.Equal(["a:1", "c:1", "a:1", "c:1"], Picks(routes, "z.y.example", 4));
        Assert.Equal(["d:1", "e:1", "d:1", "e:1"], Picks(routes, "other.example", 4));
        Assert.Equal(["d:1", "e:1"], Picks(routes, null, 2));
    }

    [Fact]
    public void Table_BackendsShareAllTheirNames_HasOneRouteForThem()
    {
        BackendRoutes routes = Routes(Pools.Of("a:1 server_name=x.example/y.example", "b:1 server_name=x.example/y.example"));

        Assert.Equal(["x.example", "y.example"], Assert.Single(routes.Table.Named).Names);
        Assert.Null(routes.Table.Fallback);
        Assert.Null(routes.Table.Find("z.example"));
    }

    [Fact]
    public void Pick_BackupsAndHealth_GoByTheGroup()
    {
        BackendPool pool = Pools.Of("a:1 server_name=x.example", "b:1 server_name=x.example backup", "c:1 server_name=y.example backup");
        BackendRoutes routes = Routes(pool);
        Assert.Equal(["a:1"], Picks(routes, "x.example", 1));
        Assert.Equal(["c:1"], Picks(routes, "y.example", 1)); // the only one of its group

        _ = pool.MarkUnhealthy("a:1");
        Assert.Equal(["b:1"], Picks(routes, "x.example", 1));
        _ = pool.MarkUnhealthy("b:1");

        Assert.Equal(["none"], Picks(routes, "x.example", 1));
        Assert.Equal(["c:1"], Picks(routes, "y.example", 1));
        Assert.True(pool.SetIntent(pool.Named("c:1"), BackendIntent.Drain));
        Assert.Equal(["none"], Picks(routes, "y.example", 1));
    }

    [Fact]
    public void Apply_NamesComeAndGo_RoutesFollow()
    {
        BackendPool pool = Pools.Of("a:1", "b:1");
        BackendRoutes routes = Routes(pool);
        _ = pool.Apply("a:1", "b:1 server_name=x.example");
        BackendRoute named = Assert.IsType<BackendRoute>(routes.Table.Find("x.example"));
        Assert.Equal((1, "b:1", "a:1"), (_tableChanges > 0 ? 1 : 0, Picks(routes, "x.example", 1)[0], Picks(routes, null, 1)[0]));

        _ = pool.Apply("a:1", "b:1 server_name=x.example", "c:1 server_name=x.example");
        Assert.Same(named, routes.Table.Find("x.example")); // its turns and its queue continue
        Assert.Equal(["b:1", "c:1"], Picks(routes, "x.example", 2).Order());

        _ = pool.Apply("a:1", "b:1");
        Assert.Empty(routes.Table.Named);
        Assert.Equal(["a:1", "b:1"], Picks(routes, "x.example", 2).Order());
    }

    // Neither before nor after the change may a client find a backend on no route.
    [Fact]
    public void Apply_NamesComeAndGo_EveryBackendHasARouteAtAnyTime()
    {
        BackendPool pool = Pools.Of("a:1");
        BackendRoutes routes = Routes(pool);
        List<string> missing = [];
        routes.PicksChanged += Look;
        routes.TableChanged += Look;

        _ = pool.Apply("a:1 server_name=x.example");
        _ = pool.Apply("a:1 server_name=x.example/y.example");
        _ = pool.Apply("a:1");

        Assert.Empty(missing);

        void Look()
        {
            if (routes.Table.Find("x.example") is not { } route || route.Balancer.Current.Weights.Count == 0)
                missing.Add(string.Join(' ', pool.Snapshot.Groups.Select(group => group.Key)));
        }
    }

    [Fact]
    public void ChangeAlgorithm_Groups_AllFollow()
    {
        BackendRoutes routes = Routes(Pools.Of("a:1 server_name=x.example", "b:1 server_name=x.example", "c:1", "d:1"));

        routes.ChangeAlgorithm(Algorithm.First);

        Assert.Equal(["a:1", "a:1"], Picks(routes, "x.example", 2));
        Assert.Equal(["c:1", "c:1"], Picks(routes, null, 2));
    }

    [Fact]
    public void SlowStart_BackendAppearsInItsGroup_Rises()
    {
        BackendPool pool = Pools.Of("a:1 server_name=x.example");
        var clock = new FakeTimeProvider();
        var routes = new BackendRoutes(pool, Algorithm.RoundRobin, TimeSpan.FromSeconds(10), new(Options), clock);

        _ = pool.Apply("a:1 server_name=x.example", "b:1 server_name=x.example", "c:1 server_name=new.example");

        Assert.Equal([10, 1], routes.Table.Find("x.example")!.Weights.Weights.ToArray());
        Assert.Equal([1], routes.Table.Find("new.example")!.Weights.Weights.ToArray());
        clock.Advance(TimeSpan.FromSeconds(10));
        routes.Advance();
        Assert.Equal([10, 10], routes.Table.Find("x.example")!.Weights.Weights.ToArray());
    }

    // The algorithm of each group hears of the connections of the others.
    [Fact]
    public void LeastConn_BackendInTwoGroups_CountsForBoth()
    {
        BackendPool pool = Pools.Of("a:1 server_name=x.example/y.example", "b:1 server_name=x.example", "c:1 server_name=y.example");
        BackendRoutes routes = Routes(pool, Algorithm.LeastConn);
        pool.Named("b:1").Load(1);
        pool.Named("c:1").Load(1);
        Assert.Equal(["a:1", "a:1"], [.. Picks(routes, "x.example", 1), .. Picks(routes, "y.example", 1)]);

        pool.Named("a:1").Load(2);

        Assert.Equal(["b:1", "c:1"], [.. Picks(routes, "x.example", 1), .. Picks(routes, "y.example", 1)]);
        _ = pool.Apply("a:1 server_name=x.example", "b:1 server_name=x.example");
        pool.Named("b:1").Load(2);
        Assert.Equal(["a:1"], Picks(routes, "x.example", 1));
        routes.ChangeAlgorithm(Algorithm.RoundRobin);
        Assert.All(pool.GetAllBackends(), backend => Assert.Null(backend.LoadObserver));
    }

    [Fact]
    public async Task Release_SlotThatAnotherGroupWaitsFor_ServesIt()
    {
        BackendPool pool = Pools.Of("a:1 server_name=x.example/y.example max_connections=1", "b:1 server_name=x.example max_connections=1");
        BackendRoutes routes = Routes(pool);
        pool.Named("b:1").Load(1);
        BackendLease taken = (await routes.Table.Find("x.example")!.Queue.AcquireAsync(Connection()))!;
        ValueTask<BackendLease?> waiting = routes.Table.Find("y.example")!.Queue.AcquireAsync(Connection());
        Assert.Equal(1, routes.QueueLength);

        routes.Default.Queue.Release(taken);

        Assert.Equal("a:1", (await waiting.AsTask().Done())!.Backend.Name);
        Assert.Equal(0, routes.QueueLength);
    }

    [Fact]
    public void SeparateWeights_GroupsThatShareBackends_AreLeftOut()
    {
        BackendRoutes routes = Routes(Pools.Of(
            "a:1 server_name=x.example/y.example", "b:1 server_name=x.example", "c:1 server_name=z.example", "d:1", "e:1"));

        Assert.Equal([["d:1", "e:1"], ["c:1"]], routes.SeparateWeights().Select(weights => weights.Names()));
    }

    private BackendRoutes Routes(BackendPool pool, Algorithm algorithm = Algorithm.RoundRobin)
    {
        var routes = new BackendRoutes(pool, algorithm, TimeSpan.Zero, new(Options), Clock);
        routes.TableChanged += () => _tableChanges++;
        return routes;
    }

    private static string[] Picks(BackendRoutes routes, string? name, int count) =>
    [
        .. Enumerable.Range(0, count)
            .Select(_ => routes.Table.Find(name)!.Balancer.Current.Plan.Pick(new PickRequest(Pools.Client))?.Name ?? "none"),
    ];
}
