using LbTcp.Balancing;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Balancing;

public sealed class FallbackPlanTests
{
    [Fact]
    public void PickBackup_Repeatedly_SpreadsTheClientsOverTheHealthyOnes()
    {
        BalancedPool pool = Pools.Of("a:1", "b:1 backup", "c:1 backup", "d:1 backup").BalancedBy(new RoundRobinPolicy());
        pool.MarkUnhealthy("d:1");

        IEnumerable<string?> picks = Enumerable.Range(0, 8)
            .Select(_ => pool.Current.Fallback.PickBackup(new PickRequest(Pools.Client))?.Name);

        Assert.Equal(["b:1", "c:1"], picks.Distinct().Order());
    }
}
