using LbTcp.Backends;
using LbTcp.Balancing;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Balancing;

public sealed class FirstPolicyTests
{
    private readonly BalancedPool _pool = Pools.Of("a:1 max_connections=2", "b:1 max_connections=1", "c:1").BalancedBy(new FirstPolicy());

    [Fact]
    public void Pick_ConnectionsThatStay_FillOneAfterTheOther()
    {
        string[] picks = [.. Enumerable.Range(0, 5).Select(_ => Connect().Name)];

        Assert.Equal(["a:1", "a:1", "b:1", "c:1", "c:1"], picks);
    }

    [Fact]
    public void Pick_FirstHasAFreeSlotAgain_IsPickedAgain()
    {
        for (int i = 0; i < 4; i++)
            _ = Connect();
        _pool.Named("a:1").Vacate();

        Assert.Equal("a:1", _pool.Pick()?.Name);
    }

    [Fact]
    public void Pick_FirstComesBack_IsPickedAgain()
    {
        _pool.MarkUnhealthy("a:1");
        Assert.Equal("b:1", _pool.Pick()?.Name);
        _pool.MarkHealthy("a:1");
        Assert.Equal("a:1", _pool.Pick()?.Name);
    }

    private Backend Connect()
    {
        Backend backend = _pool.Pick()!;
        backend.Occupy();
        return backend;
    }
}
