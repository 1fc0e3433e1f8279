using System.Net;
using LbTcp.Admission;
using LbTcp.Configuration;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Admission;

public sealed class AccessRulesTests
{
    private static readonly AdmissionOptions _all = Access.File("# rules", "allow 10.0.0.1", "deny 10.0.0.0/24", "deny unix") with
    {
        Deny = Access.Networks("10.1.0.0/16"),
        Allow = Access.Networks("10.0.0.0/8", "::1"),
    };

    [Theory]
    [InlineData("10.0.0.1", "is admitted by allow 10.0.0.1, access.txt:2")]
    [InlineData("10.0.0.2", "is refused by deny 10.0.0.0/24, access.txt:3")]
    [InlineData("unix", "is refused by deny unix, access.txt:4")]
    [InlineData("10.1.0.2", "is refused by --deny 10.1.0.0/16")]
    [InlineData("10.2.0.2", "is admitted by --allow 10.0.0.0/8")]
    [InlineData("11.0.0.2", "is refused: no rule allows it")]
    public void Decide_FileThenDenyThenAllow_FirstMatchDecides(string client, string expected) =>
        Assert.Equal(expected, $"{AccessRules.For(_all)!.Decide(client == "unix" ? null : IPAddress.Parse(client))}");

    [Fact]
    public void Decide_NothingIsAllowed_AdmitsOthers() => Assert.Equal(
        "is admitted: no rule matches", $"{AccessRules.For(Access.File("deny 10.0.0.0/8"))!.Decide(IPAddress.Loopback)}");

    [Fact]
    public void Decide_TheFileAllows_RefusesOthers() => Assert.False(
        AccessRules.For(Access.File("allow 10.0.0.0/8"))!.Decide(IPAddress.Loopback).IsAdmitted);

    [Fact]
    public void For_NoRules_IsNull()
    {
        Assert.Null(AccessRules.For(new AdmissionOptions()));
        Assert.Null(AccessRules.For(Access.File("# none")));
    }

    [Fact]
    public void DescribeIneffective_ContraryRulesFirst_NameBothPlaces()
    {
        AccessRules rules = AccessRules.For(Access.File("deny 10.0.0.0/8", "deny 10.1.0.0/16", "allow 10.2.0.1", "allow 11.0.0.0/8"))!;

        Assert.Equal(
            [
                "allow 10.2.0.1 (access.txt:3) has no effect: deny 10.0.0.0/8 (access.txt:1) comes first.",
                "deny 10.1.0.0/16 (access.txt:2) has no effect: deny 10.0.0.0/8 (access.txt:1) comes first.",
            ],
            rules.DescribeIneffective(5));
        _ = Assert.Single(rules.DescribeIneffective(1));
    }

    [Fact]
    public void DescribeIneffective_OfSettings_NamesFlags()
    {
        var options = new AdmissionOptions { Deny = Access.Networks("10.0.0.0/8"), Allow = Access.Networks("10.0.0.1", "all") };
        Assert.Equal(
            ["--allow 10.0.0.1 has no effect: --deny 10.0.0.0/8 comes first."], AccessRules.For(options)!.DescribeIneffective(5));
    }

    [Fact]
    public void DescribeIneffective_CoveredByTwoTogether_IsFound()
    {
        AccessRules rules = AccessRules.For(Access.File("deny 10.0.0.0/9", "deny 10.128.0.0/9", "allow 10.0.0.0/8"))!;
        Assert.StartsWith("allow 10.0.0.0/8 (access.txt:3) has no effect", Assert.Single(rules.DescribeIneffective(5)), StringComparison.Ordinal);
    }
}
