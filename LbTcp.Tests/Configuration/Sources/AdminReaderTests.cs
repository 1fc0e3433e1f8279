using LbTcp.Configuration;
using LbTcp.Configuration.Settings;

namespace LbTcp.Tests.Configuration.Sources;

public sealed class AdminReaderTests : ConfigurationScenario
{
    [Fact]
    public void Read_NoAdmin_IsOff() => Assert.Null(Read(Write("lbtcp.json", One)).Options!.Admin);

    [Fact]
    public void Read_AddressAndTokenFileOfTheFile_AreUsedAndThePathIsRelativeToIt()
    {
        string token = Write("token", "secret");
        HostOptions host = Read(Write("lbtcp.json", Some("\"admin\": \"*:9900\", \"admin_token_file\": \"token\""))).Options!;
        Assert.Equal(new ListenAddress(null, 9900), host.Admin);
        Assert.Equal(token, host.AdminTokenFile);
    }

    [Theory]
    [InlineData("127.0.0.1:9900")]
    [InlineData("[::1]:9900")]
    [InlineData("localhost:9900")]
    [InlineData("unix:/run/lbtcp.sock")]
    public void Read_LocalAddress_NeedsNoToken(string address)
    {
        Variables["LBTCP_ADMIN"] = address;
        Assert.True(Read(Write("lbtcp.json", One)).IsValid);
    }

    [Fact]
    public void Read_OtherAddressWithoutAToken_IsAnErrorThatNamesTheWayOut()
    {
        Flags[HostSettings.Admin] = ["*:9900"];
        Assert.Equal(
            "--admin is *:9900, which other machines can reach; give --admin-token-file, or use 127.0.0.1 or a unix socket.",
            Assert.Single(Read(Write("lbtcp.json", One)).Errors).Message);
    }

    [Fact]
    public void Read_OtherAddressOfTheFileWithoutAToken_NamesTheKey()
    {
        string error = Assert.Single(Errors(Some("\"admin\": \"*:9900\"")));
        Assert.EndsWith(
            ": admin is *:9900, which other machines can reach; give admin_token_file, or use 127.0.0.1 or a unix socket.", error,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Read_TokenFileIsMissing_IsAnErrorThatNamesIt()
    {
        Flags[HostSettings.Admin] = ["*:9900"];
        Flags[HostSettings.AdminTokenFile] = ["/nowhere/token"];
        Assert.Equal(
            "--admin-token-file: /nowhere/token does not exist.", Assert.Single(Read(Write("lbtcp.json", One)).Errors).Message);
    }

    [Fact]
    public void Read_AddressOfClients_IsAnError()
    {
        Flags[HostSettings.Admin] = ["127.0.0.1:80"];
        Assert.Equal(
            "--admin is 127.0.0.1:80, which clients connect to: *:80 is a listen address.",
            Assert.Single(Read(Write("lbtcp.json", One)).Errors).Message);
    }

    private static string Some(string settings) => $$"""{ "services": { "web": { "listen": 80, "backends": "a:1" } }, {{settings}} }""";
}
