using LbTcp.Configuration;

namespace LbTcp.Tests.Configuration;

public class UniqueIdentitiesTests
{
    private readonly UniqueIdentities _unique = new();

    [Fact]
    public void Add_IdentityOfAnEarlierEntry_IsReportedWithItsPosition()
    {
        Assert.Null(_unique.Add(["a:1", "web"], 3));
        Assert.Null(_unique.Add(["b:1"], 4));
        Assert.Equal(("web", 3), _unique.Add(["c:1", "web"], 7));
    }

    [Fact]
    public void Add_NoIdentities_IsNeverARepetition()
    {
        Assert.Null(_unique.Add([], 1));
        Assert.Null(_unique.Add([], 2));
    }

    [Fact]
    public void Add_OtherCase_IsAnotherIdentity()
    {
        Assert.Null(_unique.Add(["web"], 1));
        Assert.Null(_unique.Add(["WEB"], 2));
    }
}
