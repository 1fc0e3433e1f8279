using LbTcp.Hosting;

namespace LbTcp.Tests.Hosting;

public sealed class ProcessIdentityTests
{
    [Fact]
    public void Parse_Status_HasTheEffectiveUserAndAllGroups()
    {
        ProcessIdentity? identity = ProcessIdentity.Parse(
            ["Name:\tlbtcp", "Uid:\t1000\t1001\t1002\t1003", "Gid:\t100\t101\t102\t103", "Groups:\t4 24 "]);

        Assert.Equal(1001u, identity!.User);
        Assert.Equal([101u, 4u, 24u], identity.Groups);
    }

    [Fact]
    public void Parse_NoGroups_IsTheOwnOne() =>
        Assert.Equal([7u], ProcessIdentity.Parse(["Uid:\t5\t5", "Gid:\t7\t7", "Groups:\t"])!.Groups);

    [Fact]
    public void Parse_SomethingElse_IsNull() => Assert.Null(ProcessIdentity.Parse(["Name:\tlbtcp"]));
}
