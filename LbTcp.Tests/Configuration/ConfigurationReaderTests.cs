using LbTcp.Configuration;
using LbTcp.Configuration.Settings;

namespace LbTcp.Tests.Configuration;

public sealed class ConfigurationReaderTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("lbtcp-test-");
    private readonly Dictionary<Setting, IReadOnlyList<string>> _flags = [];
    private readonly Dictionary<string, string> _environment = [];

    public void Dispose() => _directory.Delete(recursive: true);

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
            _environment["LBTCP_RISE"] = "5";
        if (places > 3)
            _flags[HealthCheckSettings.Rise] = ["6"];

        ConfigurationResult result = Read(file);

        Assert.Equal(expected, Assert.Single(result.Options!.Services).HealthCheck.Rise);
        Assert.Equal(
            origin.Replace("FILE", file, StringComparison.Ordinal), result.Origins.Describe("web", HealthCheckSettings.Rise));
    }

    [Fact]
    public void Read_SeveralServices_GetTheirOwnSettingsAndShareThoseOfFlags()
    {
        _flags[ForwardingSettings.Retries] = ["7"];
        _environment["LBTCP_MAX_CONNECTIONS"] = "500";
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
        Assert.Equal(Path.Combine(_directory.FullName, "redis.txt"), host.Services[1].BackendsFile);
        Assert.Equal((500, TransportKind.Sockets), (host.MaxConnections, host.TransportKind));
        Assert.All(host.Services, service => Assert.Equal(TimeSpan.FromSeconds(9), service.Forwarding.DeadPeerTimeout));
        Assert.Equal(TimeSpan.FromMinutes(10), host.Services[1].Forwarding.IdleTimeout);
    }

    [Fact]
    public void Read_OneServiceInTheFile_TakesPlacesFromFlagsAndEnvironment()
    {
        _flags[ServiceSettings.Listen] = ["81"];
        _environment["LBTCP_BACKENDS"] = "b:1";
        ServiceOptions service = Read(Write("lbtcp.json", One)).Options!.Services[0];
        Assert.Equal(("web", "*:81", "b:1"), (service.Name, service.Listen[0].ToString(), service.Backends[0].Address.Text));
    }

    [Fact]
    public void Read_PlacesOfSeveralServicesFromFlags_AreRefusedInOneSentence()
    {
        _flags[ServiceSettings.Listen] = ["81"];
        _environment["LBTCP_BACKENDS"] = "b:1";
        Assert.Equal(
            ["--listen and LBTCP_BACKENDS cannot be used with a configuration file of 2 services; "
                + "only a single service can be overridden in this way."],
            Errors("""{ "services": { "a": { "listen": 80, "backends": "a:1" }, "b": { "listen": 82, "backends": "a:1" } } }"""));
    }

    [Fact]
    public void Read_ConfigFromTheEnvironment_IsRead()
    {
        _environment["LBTCP_CONFIG"] = Write("lbtcp.json", One);
        Assert.Equal("web", new ConfigurationReader(_flags, _environment).Read().Options!.Services[0].Name);
    }

    [Fact]
    public void Read_WithoutAFile_IsOneService()
    {
        _environment["LBTCP_BACKENDS"] = "a:1";
        _environment["LBTCP_NONSENSE"] = "1";
        ConfigurationResult result = new ConfigurationReader(_flags, _environment).Read();
        Assert.Equal("default", Assert.Single(result.Options!.Services).Name);
        Assert.Empty(result.Files);
        Assert.Contains("LBTCP_NONSENSE", Assert.Single(result.Warnings), StringComparison.Ordinal);
        Assert.Equal("LBTCP_BACKENDS", result.Origins.Describe("default", ServiceSettings.Backends));
    }

    [Fact]
    public void Read_BackendsFromOneSource_IgnoreTheFileOfALowerOne()
    {
        _flags[ServiceSettings.Backends] = ["a:1"];
        _environment["LBTCP_BACKENDS_FILE"] = "/no/such/file";
        ServiceOptions service = new ConfigurationReader(_flags, _environment).Read().Options!.Services[0];
        Assert.Equal(("a:1", null), (service.Backends[0].Address.Text, service.BackendsFile));
    }

    [Fact]
    public void Read_BackendsAndAFileFromTheEnvironment_ExcludeEachOther()
    {
        _environment["LBTCP_BACKENDS"] = "a:1";
        _environment["LBTCP_BACKENDS_FILE"] = "b.txt";
        Assert.Equal(
            ["LBTCP_BACKENDS and LBTCP_BACKENDS_FILE exclude each other; use one of them."],
            new ConfigurationReader(_flags, _environment).Read().Errors.Select(error => error.ToString()));
    }

    [Theory]
    [InlineData("services.a has no backends; give \"backends\", \"backends_file\" or both.", "^\"a\": { \"listen\": 80 }")]
    [InlineData("services.a listens nowhere; give \"listen\".", "^\"a\": { \"backends\": \"a:1\" }")]
    [InlineData("services.a.listen is empty; give at least one address.", "\"a\": { \"backends\": \"a:1\", \"listen\": ^[] }")]
    [InlineData("services.a.backends is empty; list at least one backend.", "\"a\": { \"listen\": 80, \"backends\": ^[] }")]
    [InlineData(
        "services.b.listen: the service a listens on *:80 already, FILE:1:34 (services.a.listen).",
        "\"a\": { \"listen\": 80, \"backends\": \"a:1\" }, \"b\": { \"listen\": ^\"*:80\", \"backends\": \"a:1\" }")]
    [InlineData(
        "services.a.max_ejection_time is 5s, which is shorter than ejection_time, 10s.",
        "\"a\": { \"listen\": 80, \"backends\": \"a:1\", \"max_ejection_time\": ^\"5s\" }")]
    [InlineData(
        "max_ejection_time is 5m, which is shorter than services.a.ejection_time, 1h.",
        "\"a\": { \"listen\": 80, \"backends\": \"a:1\", \"ejection_time\": ^\"1h\" }")]
    [InlineData(
        "services.a.backends[1]: b:1 is listed in TXT as well.",
        "\"a\": { \"listen\": 80, \"backends\": [\"a:1\", ^\"b:1\"], \"backends_file\": \"b.txt\" }")]
    public void Read_ServicesInConflict_AreToldWithTheirPlace(string message, string services)
    {
        string list = Write("b.txt", "b:1");
        string start = "{ \"services\": { ";
        string file = Write("lbtcp.json", $"{start}{services.Replace("^", "", StringComparison.Ordinal)} }} }}");
        ConfigurationError error = Assert.Single(Read(file).Errors);
        Assert.Equal(
            message.Replace("FILE", file, StringComparison.Ordinal).Replace("TXT", list, StringComparison.Ordinal), error.Message);
        Assert.Equal((1, start.Length + services.IndexOf('^', StringComparison.Ordinal) + 1), (error.Line, error.Column));
    }

    [Fact]
    public void Read_MistakesInSeveralSources_AreAllToldInTheirOrder()
    {
        _environment["LBTCP_RISE"] = "0";
        string list = Write("b.txt", "nonsense");
        string[] errors = Errors("""
            { "services": {
              "b": { "backends_file": "b.txt", "rise": -1 },
              "a": { "listen": 80, "backends_file": "b.txt", "fall": 0 } } }
            """);
        Assert.Equal(
            [
                "LBTCP_RISE is '0', which is not a whole number from 1 to 1000.",
                "FILE:2:3: services.b listens nowhere; give \"listen\".",
                "FILE:2:44: services.b.rise is '-1', which is not a whole number from 1 to 1000.",
                "FILE:3:58: services.a.fall is '0', which is not a whole number from 1 to 1000.",
                $"{list}:1: 'nonsense' is not a backend: the port is missing; write host:port.",
            ],
            errors.Select(error => error.Replace(Path.Combine(_directory.FullName, "lbtcp.json"), "FILE", StringComparison.Ordinal)));
    }

    [Fact]
    public void Read_WrongEjectionTime_IsNoConflictToo()
    {
        Assert.Equal("services.a.ejection_time", Assert.Single(Errors(
            """{ "services": { "a": { "listen": 80, "backends": "a:1", "ejection_time": "1", "max_ejection_time": "5s" } } }"""))
            .Split(' ')[1].TrimEnd(':'));
    }

    [Fact]
    public void Read_Files_AreAllThatWereNamed()
    {
        string file = Write("lbtcp.json", """
            { "services": { "a": { "listen": 80, "backends_file": "gone.txt" }, "b": { "listen": 81, "backends_file": "gone.txt" } } }
            """);
        ConfigurationResult result = Read(file);
        Assert.Equal([file, Path.Combine(_directory.FullName, "gone.txt")], result.Files);
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

    [Fact]
    public void Read_Again_ReadsFilesAnew()
    {
        _flags[ServiceSettings.ConfigurationFile] = [Write("lbtcp.json", One)];
        var reader = new ConfigurationReader(_flags, _environment);
        Assert.Equal("web", reader.Read().Options!.Services[0].Name);
        Write("lbtcp.json", One.Replace("web", "other", StringComparison.Ordinal));
        Assert.Equal("other", reader.Read().Options!.Services[0].Name);
        Write("lbtcp.json", "");
        Assert.False(reader.Read().IsValid);
    }

    private const string One = """{ "services": { "web": { "listen": 80, "backends": "a:1" } } }""";

    private string[] Errors(string text) => [.. Read(Write("lbtcp.json", text)).Errors.Select(error => error.ToString())];

    private ConfigurationResult Read(string file)
    {
        _flags[ServiceSettings.ConfigurationFile] = [file];
        return new ConfigurationReader(_flags, _environment).Read();
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(_directory.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
