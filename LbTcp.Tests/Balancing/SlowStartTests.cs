using LbTcp.Backends;
using LbTcp.Balancing;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Time.Testing;

namespace LbTcp.Tests.Balancing;

public class SlowStartTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly BackendPool _pool = Pools.Of("a:1", "b:1 weight=2");
    private readonly SlowStart _slowStart;

    public SlowStartTests()
    {
        _slowStart = new SlowStart(TimeSpan.FromSeconds(90), _clock);
        PoolSnapshot seen = _pool.Snapshot;
        _pool.Changed += _ =>
        {
            _slowStart.Follow(seen, _pool.Snapshot);
            seen = _pool.Snapshot;
        };
    }

    [Fact]
    public void EffectiveWeight_AtTheStart_IsWhole() => Assert.Equal([10, 20], _pool.GetAllBackends().Select(EffectiveWeight));

    [Theory]
    [InlineData(0, 2)]
    [InlineData(9, 2)]
    [InlineData(10, 4)]
    [InlineData(45, 10)]
    [InlineData(89, 18)]
    [InlineData(90, 20)]
    [InlineData(900, 20)]
    public void EffectiveWeight_AfterRecovery_RisesFromATenthToTheWhole(int seconds, int expected)
    {
        Recover();

        _ = Pass(seconds);

        Assert.Equal(expected, EffectiveWeight("b:1"));
    }

    [Fact]
    public void Advance_NoTenthHasPassed_ChangesNothing()
    {
        Recover();

        Assert.False(Pass(9));
        Assert.True(Pass(1));
        Assert.False(Pass(0));
    }

    [Fact]
    public void Advance_UnhealthyAndHealthyAgain_BeginsAnew()
    {
        Recover();
        _ = Pass(50);
        Recover();
        Assert.Equal(2, EffectiveWeight("b:1"));

        _ = Pass(40);

        Assert.Equal(10, EffectiveWeight("b:1"));
    }

    [Fact]
    public void Advance_OneOfTwoGoesDownDuringItsRise_TheOtherRisesOn()
    {
        _pool.MarkUnhealthy("a:1");
        Recover();
        _pool.MarkHealthy("a:1");
        Assert.True(Pass(45));
        Assert.Equal([5, 10], _pool.GetAllBackends().Select(EffectiveWeight));

        _pool.MarkUnhealthy("a:1");
        Assert.True(Pass(30));
        Assert.Equal(16, EffectiveWeight("b:1"));
        _pool.MarkHealthy("a:1");
        Assert.True(Pass(15));

        Assert.Equal([2, 20], _pool.GetAllBackends().Select(EffectiveWeight));
        Assert.True(Pass(75));
        Assert.Equal([10, 20], _pool.GetAllBackends().Select(EffectiveWeight));
        Assert.False(Pass(90));
    }

    [Fact]
    public void Follow_BackendIsAddedLater_Rises()
    {
        _ = _pool.Apply("a:1", "b:1 weight=2", "c:1 weight=3");
        Assert.Equal([10, 20, 3], _pool.GetAllBackends().Select(EffectiveWeight));

        _ = Pass(90);

        Assert.Equal([10, 20, 30], _pool.GetAllBackends().Select(EffectiveWeight));
    }

    [Fact]
    public void Follow_WeightChangesDuringTheRise_AppliesToTheRest()
    {
        Recover();
        _ = Pass(45);

        _ = _pool.Apply("a:1", "b:1 weight=4");
        Assert.Equal(20, EffectiveWeight("b:1")); // five tenths of 4
        _pool.OverrideWeight(_pool.Named("b:1"), 8);
        Assert.Equal(40, EffectiveWeight("b:1"));

        _ = Pass(45);

        Assert.Equal(80, EffectiveWeight("b:1"));
    }

    [Fact]
    public void Follow_OrderChangesDuringTheRise_KeepsRising()
    {
        Recover();
        _ = Pass(45);

        _ = _pool.Apply("b:1 weight=2", "a:1");

        Assert.Equal([10, 10], _pool.GetAllBackends().Select(EffectiveWeight));
    }

    [Fact]
    public void Follow_RemovedDuringTheRise_NoLongerRises()
    {
        Recover();

        _ = _pool.Apply("a:1");

        Assert.False(Pass(45));
    }

    [Theory]
    [InlineData(BackendIntent.Maint, 2)]
    [InlineData(BackendIntent.Drain, 20)]
    internal void Follow_ReadyAgain_RisesAfterMaintenanceOnly(BackendIntent intent, int expected)
    {
        _pool.SetIntent(_pool.Named("b:1"), intent);
        _pool.SetIntent(_pool.Named("b:1"), BackendIntent.Ready);

        Assert.Equal(expected, EffectiveWeight("b:1"));
    }

    private int EffectiveWeight(string name) => EffectiveWeight(_pool.Named(name));

    private int EffectiveWeight(Backend backend) => _slowStart.EffectiveWeight(backend, backend.Weight);

    private void Recover()
    {
        _pool.MarkUnhealthy("b:1");
        _pool.MarkHealthy("b:1");
    }

    private bool Pass(int seconds)
    {
        _clock.Advance(TimeSpan.FromSeconds(seconds));
        return _slowStart.Advance();
    }
}
