using LbTcp.Configuration;
using LbTcp.Configuration.Settings;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Configuration;

public class BackendDifferenceTests
{
    private static readonly SettingChange[] _everyOption =
    [
        new("address", "a:1", "http://a:1"),
        new("name", "host:port", "x"),
        new("weight", "1", "0"),
        new("backup", "off", "on"),
        new("max_connections", "no limit", "9"),
        new("check", "as for all backends", "http"),
        new("health_path", "as for all backends", "/x"),
        new("check_port", "port of the address", "8081"),
        new("check_interval", "as for all backends", "500ms"),
        new("first_byte_timeout", "as for all backends", "5s"),
        new("resolve", "all; first for localhost", "first"),
        new("source_address", "as for all backends", "10.0.0.9"),
    ];

    private const string AllOptions =
        "http://a:1 name=x weight=0 backup max_connections=9 check=http health_path=/x check_port=8081 check_interval=500ms "
        + "first_byte_timeout=5s resolve=first source_address=10.0.0.9";

    [Theory]
    [InlineData("a:1")]
    [InlineData(AllOptions)]
    public void Between_EqualOptions_IsNothing(string line) => Assert.Empty(Between(line, line));

    [Fact]
    public void Between_EveryOption_IsReportedWithBothValues()
    {
        Assert.Equal(_everyOption, Between("a:1", AllOptions));
        Assert.Equal(
            _everyOption.Select(change => new SettingChange(change.Name, change.New, change.Old)), Between(AllOptions, "a:1"));
    }

    [Fact]
    public void Between_EverySetting_IsCompared() =>
        Assert.Equal(["address", .. BackendSettings.All.Select(setting => setting.Name)], _everyOption.Select(change => change.Name));

    private static IReadOnlyList<SettingChange> Between(string before, string after) =>
        BackendDifference.Between(Pools.Options(before)[0], Pools.Options(after)[0]);
}
