using LbTcp.Backends;
using LbTcp.Balancing;
using LbTcp.Configuration;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Balancing;

/// <summary>Picks avoid a backend that is held, where the algorithm promises nothing else.</summary>
public sealed class HeldBackendPickTests
{
    public static TheoryData<string, string> Avoiding() => new()
    {
        { "RoundRobin", "" },
        { "RoundRobin", "weight=2" },
        { "RoundRobin", "large" },
        { "LeastConn", "" },
        { "Random", "" },
    };

    [Theory]
    [MemberData(nameof(Avoiding))]
    public void Pick_OneIsHeld_PicksTheOthers(string algorithm, string options)
    {
        BalancedPool pool = Create(algorithm, options);
        Backend held = pool.GetAllBackends()[0];
        held.IsHeld = true;

        Assert.All(pool.CountPicks(200), picks => Assert.Equal(picks.Key == held, picks.Value == 0));
        held.IsHeld = false;
        Assert.All(pool.CountPicks(200).Values, count => Assert.True(count > 0));
    }

    [Theory]
    [MemberData(nameof(Avoiding))]
    public void Pick_NoOtherMayBePicked_PicksTheHeldOne(string algorithm, string options)
    {
        BalancedPool pool = Create(algorithm, options);
        foreach (Backend backend in pool.GetAllBackends())
            backend.IsHeld = true;
        Assert.All(pool.CountPicks(200).Values, count => Assert.True(count > 0));

        Backend held = pool.GetAllBackends()[0];
        foreach (Backend other in pool.GetAllBackends().Skip(1))
            other.IsHeld = false;
        Backend?[] picks = [pool.Pick([.. pool.GetAllBackends().Skip(1)]), Peek(pool, [.. pool.GetAllBackends().Skip(1)])];
        Assert.All(picks, picked => Assert.Same(held, picked));
    }

    [Theory]
    [InlineData("Source")]
    [InlineData("First")]
    public void Pick_OrderIsAPromise_HeldOneIsPickedLikeAnyOther(string algorithm)
    {
        BalancedPool pool = Create(algorithm, "");
        Backend picked = pool.Pick()!;

        picked.IsHeld = true;

        Assert.Same(picked, pool.Pick());
        Assert.Same(picked, Peek(pool));
    }

    [Theory]
    [InlineData("Random")]
    [InlineData("RoundRobin")]
    [InlineData("LeastConn")]
    public void Peek_AllButOneAreHeld_IsThatOne(string algorithm)
    {
        BalancedPool pool = Create(algorithm, "");
        foreach (Backend backend in pool.GetAllBackends().Skip(1))
            backend.IsHeld = true;

        Assert.Same(pool.GetAllBackends()[0], Peek(pool));
    }

    private static Backend? Peek(BalancedPool pool, params Backend[] tried) =>
        pool.Current.Plan.Peek(new PickRequest(Pools.Client, tried));

    // Large weights make the cycle of round robin too long for a sequence.
    private static BalancedPool Create(string algorithm, string options)
    {
        bool isLarge = options == "large";
        BackendPool pool = Pools.OfSize(isLarge ? 40 : 3, i => isLarge ? $"weight={250 + (i % 7)}" : options);
        return pool.BalancedBy(Policies.Create(Enum.Parse<Algorithm>(algorithm)));
    }
}
