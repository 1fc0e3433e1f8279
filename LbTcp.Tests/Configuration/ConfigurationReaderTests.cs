using LbTcp.Configuration;
using LbTcp.Configuration.Settings;

namespace LbTcp.Tests.Configuration;

public sealed class ConfigurationReaderTests : ConfigurationScenario
{
    // From the last that is given to the first: default, defaults of the file, service of the file, environment, flag.
    [Theory]
    [InlineData(0, 2, "default")]
    [InlineData(1, 3, "FILE:1:25 (defaults.rise)")]
    [InlineData(2, 4, "FILE:2:66 (services.web.rise)")]
    [InlineData(3, 5, "LBTCP_RISE")]
    [InlineData(4, 6, "--rise")]
    public void Read_SettingGivenInManyPlaces_IsThatOfTheHighestPrecedence(int places, int expected, string origin)
    {
        string file = Write("lbtcp.json", $$"""
            { "defaults": { {{(places > 0 ? "\"rise\": 3" : "")}} },
              "services": { "web": { "listen": 80, "backends": "a:1"{{(places > 1 ? ",\"rise\": 4" : "")}} } } }
            """);
        if (places > 2)
            Variables["LBTCP_RISE"] = "5";
        if (places > 3)
            Flags[HealthCheckSettings.Rise] = ["6"];

        ConfigurationResult result = Read(file);

        Assert.Equal(expected, Assert.Single(result.Options!.Services).HealthCheck.Rise);
        Assert.Equal(
            origin.Replace("FILE", file, StringComparison.Ordinal), result.Origins.Describe("web", HealthCheckSettings.Rise));
    }

    [Fact]
    public void Read_SeveralServices_GetTheirOwnSettingsAndShareThoseOfFlags()
    {
        Flags[ForwardingSettings.Retries] = ["7"];
        Variables["LBTCP_MAX_CONNECTIONS"] = "500";
        Write("redis.txt", "r:1\nr:2\n");
        string file = Write("lbtcp.json", """
            {
              "defaults": { "fall": 9, "retries": 1 },
              "services": {
                "web": { "listen": 80, "backends": ["a:1", "b:1"], "fall": 5, "max_connections": 20 },
                "redis": { "listen": 81, "backends": ["c:1"], "backends_file": "redis.txt", "idle_timeout": "10m" },
              },
              "max_connections": 100, "dead_peer_timeout": "9s", "keepalive": "8s", "transport": "sockets",
            }
            """);

        HostOptions host = Read(file).Options!;

        Assert.Equal([("web", 5, 7, 20), ("redis", 9, 7, null)], host.Services.Select(
            service => (service.Name, service.HealthCheck.Fall, service.Forwarding.Retries, service.MaxConnections)));
        Assert.Equal(["c:1", "r:1", "r:2"], host.Services[1].Backends.Select(backend => backend.Address.Text));
        Assert.Equal(Path.Combine(Directory, "redis.txt"), host.Services[1].BackendsFile);
        Assert.Equal((500, TransportKind.Sockets), (host.MaxConnections, host.TransportKind));
        Assert.All(host.Services, service => Assert.Equal(TimeSpan.FromSeconds(9), service.Forwarding.DeadPeerTimeout));
        Assert.Equal(TimeSpan.FromMinutes(10), host.Services[1].Forwarding.IdleTimeout);
    }

    [Fact]
    public void Read_ConfigFromTheEnvironment_IsRead()
    {
        Variables["LBTCP_CONFIG"] = Write("lbtcp.json", One);
        Assert.Equal("web", Read().Options!.Services[0].Name);
    }

    [Fact]
    public void Read_WithoutAFile_IsOneService()
    {
        Variables["LBTCP_BACKENDS"] = "a:1";
        Variables["LBTCP_NONSENSE"] = "1";
        ConfigurationResult result = Read();
        Assert.Equal("default", Assert.Single(result.Options!.Services).Name);
        Assert.Empty(result.Files);
        Assert.Contains("LBTCP_NONSENSE", Assert.Single(result.Warnings), StringComparison.Ordinal);
        Assert.Equal("LBTCP_BACKENDS", result.Origins.Describe("default", ServiceSettings.Backends));
    }

    [Fact]
    public void Read_Files_AreAllThatWereNamed()
    {
        string file = Write("lbtcp.json", """
            { "services": { "a": { "listen": 80, "backends_file": "gone.txt" }, "b": { "listen": 81, "backends_file": "gone.txt" } } }
            """);
        ConfigurationResult result = Read(file);
        Assert.Equal([file, Path.Combine(Directory, "gone.txt")], result.Files);
        Assert.Single(result.Errors); // once, although two services name it
        Assert.False(result.IsValid);
    }

    [Fact]
    public void Read_BrokenFile_IsStillOneOfTheFiles()
    {
        string file = Write("lbtcp.json", "{");
        ConfigurationResult result = Read(file);
        Assert.Equal([file], result.Files);
        Assert.NotNull(Assert.Single(result.Errors).Line);
    }

    // The tests' working directory holds no backends.txt.
    [Fact]
    public void Read_DefaultBackendsFileThatIsMissing_IsOneOfTheFiles()
    {
        ConfigurationResult result = Read();
        Assert.StartsWith("There are no backends: give --backends", Assert.Single(result.Errors).Message, StringComparison.Ordinal);
        Assert.Equal([Path.GetFullPath("backends.txt")], result.Files);
    }

    [Fact]
    public void Read_Again_ReadsFilesAnew()
    {
        Flags[ServiceSettings.ConfigurationFile] = [Write("lbtcp.json", One)];
        var reader = new ConfigurationReader(Flags, Variables);
        Assert.Equal("web", reader.Read().Options!.Services[0].Name);
        Write("lbtcp.json", One.Replace("web", "other", StringComparison.Ordinal));
        Assert.Equal("other", reader.Read().Options!.Services[0].Name);
        Write("lbtcp.json", "");
        Assert.False(reader.Read().IsValid);
    }
}
