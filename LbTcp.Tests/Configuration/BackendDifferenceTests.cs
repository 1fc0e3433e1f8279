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
        new("check_send", "as for all backends", @"QUIT\r\n"),
        new("check_expect", "as for all backends", "OK"),
        new("check_port", "port of the address", "8081"),
        new("check_interval", "as for all backends", "500ms"),
        new("first_byte_timeout", "as for all backends", "5s"),
        new("resolve", "all; first for localhost", "first"),
        new("source_address", "as for all backends", "10.0.0.9"),
        new("send_proxy", "as for all backends", "v2"),
        new("server_name", "all that no other backend has", "a.example/*.a.example"),
        new("tls", "off", "verify"),
        new("tls_ca", "as the system trusts", "ca.pem"),
        new("tls_name", "host of the address", "web.example"),
        new("tls_cert", "none", "cert.pem"),
        new("tls_key", "in the file of the certificate", "key.pem"),
    ];

    private const string AllOptions =
        "http://a:1 name=x weight=0 backup max_connections=9 check=http health_path=/x check_port=8081 check_interval=500ms "
        + "first_byte_timeout=5s resolve=first source_address=10.0.0.9 send_proxy=v2 server_name=a.example/*.a.example tls=verify "
        + "tls_ca=ca.pem tls_name=web.example tls_cert=cert.pem tls_key=key.pem";

    // The bytes of a check exclude its path on one line.
    private static readonly BackendOptions _all = Pools.Options(AllOptions)[0] with
    {
        CheckSend = Pools.Options(@"a:1 check_send=QUIT\r\n")[0].CheckSend,
        CheckExpect = Pools.Options("a:1 check_expect=OK")[0].CheckExpect,
    };

    [Theory]
    [InlineData("a:1")]
    [InlineData(AllOptions)]
    [InlineData("a:1 check_send=x check_expect=y")]
    public void Between_EqualOptions_IsNothing(string line) =>
        Assert.Empty(BackendDifference.Between(Pools.Options(line)[0], Pools.Options(line)[0]));

    [Fact]
    public void Between_EveryOption_IsReportedWithBothValues()
    {
        BackendOptions none = Pools.Options("a:1")[0];
        Assert.Equal(_everyOption, BackendDifference.Between(none, _all));
        Assert.Equal(
            _everyOption.Select(change => new SettingChange(change.Name, change.New, change.Old)), BackendDifference.Between(_all, none));
    }

    [Fact]
    public void Between_EverySetting_IsCompared() =>
        Assert.Equal(["address", .. BackendSettings.All.Select(setting => setting.Name)], _everyOption.Select(change => change.Name));
}
