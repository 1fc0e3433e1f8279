using LbTcp.Backends;
using LbTcp.Balancing;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Time.Testing;

namespace LbTcp.Tests.Backends;

public class SlowStartTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly BackendPool _pool = Pools.Of("a:1", "b:1 weight=2");

    public SlowStartTests() => _pool.Balance(new RoundRobinPolicy(), new SlowStart(TimeSpan.FromSeconds(90), _clock));

    private Backend B => _pool.Named("b:1");

    [Fact]
    public void Share_AtTheStart_IsWhole() => Assert.Equal([10, 20], _pool.GetAllBackends().Select(backend => backend.EffectiveWeight));

    [Theory]
    [InlineData(0, 2)]
    [InlineData(9, 2)]
    [InlineData(10, 4)]
    [InlineData(45, 10)]
    [InlineData(89, 18)]
    [InlineData(90, 20)]
    [InlineData(900, 20)]
    public void Share_AfterRecovery_RisesFromATenthToTheWhole(int seconds, int expected)
    {
        Recover();

        Pass(seconds);

        Assert.Equal(expected, B.EffectiveWeight);
    }

    [Fact]
    public void Plan_DuringTheRise_SpreadsBySharesThatAreInEffect()
    {
        Recover();
        Assert.Equal(20, _pool.CountPicks(120)[B]); // 2 to 10

        Pass(40);

        Assert.Equal(60, _pool.CountPicks(120)[B]); // 10 to 10
    }

    [Fact]
    public void Advance_NoTenthHasPassed_PublishesNothing()
    {
        Recover();
        PoolSnapshot before = _pool.Snapshot;

        Pass(9);
        Assert.Same(before, _pool.Snapshot);
        Pass(1);
        Assert.NotSame(before, _pool.Snapshot);
    }

    [Fact]
    public void Advance_DownAndUpAgain_BeginsAnew()
    {
        Recover();
        Pass(50);
        Recover();
        Assert.Equal(2, B.EffectiveWeight);

        Pass(40);

        Assert.Equal(10, B.EffectiveWeight);
    }

    [Fact]
    public void Plan_OnlyBackendRises_GetsAll()
    {
        Recover();
        _pool.MarkUnhealthy("a:1");

        Assert.Same(B, _pool.Pick());
    }

    private void Recover()
    {
        _pool.MarkUnhealthy("b:1");
        _pool.MarkHealthy("b:1");
    }

    private void Pass(int seconds)
    {
        _clock.Advance(TimeSpan.FromSeconds(seconds));
        _pool.AdvanceSlowStart();
    }
}
