using LbTcp.Cli;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Cli;

public class ReloadPlanTests
{
    [Fact]
    public void Describe_AddedChangedAndRemoved_AreOneLineEach() => Assert.Equal(
        [
            "added backend=web4 address=d:1 weight=2",
            "changed backend=b:1 backup=on was=off",
            "changed backend=b:1 max_connections=9 was=\"no limit\"",
            "changed backend=web1 weight=3 was=1",
            "removed backend=web3 address=c:1",
            "unchanged 1",
        ],
        Describe(
            ["a:1 name=web1", "b:1", "c:1 name=web3", "e:1"],
            ["d:1 name=web4 weight=2", "b:1 backup max_connections=9", "e:1", "a:1 name=web1 weight=3"]));

    [Fact]
    public void Describe_OtherOrder_IsNoChange() => Assert.Equal(["no change"], Describe(["a:1", "b:1 weight=2"], ["b:1 weight=2", "a:1"]));

    [Fact]
    public void Describe_OptionsWrittenDifferently_AreNoChange() =>
        Assert.Equal(["no change"], Describe(["a:1", "b:1 backup weight=2"], ["a:1 weight=1", "b:1 weight=2 backup"]));

    private static IEnumerable<string> Describe(string[] before, string[] after) =>
        ReloadPlan.Describe(Pools.Options(before), Pools.Options(after));
}
