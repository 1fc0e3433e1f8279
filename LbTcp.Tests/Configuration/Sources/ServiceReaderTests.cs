using LbTcp.Configuration;
using LbTcp.Configuration.Settings;

namespace LbTcp.Tests.Configuration.Sources;

/// <summary>Where services listen and which backends they have, and what is in conflict.</summary>
public sealed class ServiceReaderTests : ConfigurationScenario
{
    [Fact]
    public void Read_OneServiceInTheFile_TakesPlacesFromFlagsAndEnvironment()
    {
        Flags[ServiceSettings.Listen] = ["81"];
        Variables["LBTCP_BACKENDS"] = "b:1";
        ServiceOptions service = Read(Write("lbtcp.json", One)).Options!.Services[0];
        Assert.Equal(("web", "*:81", "b:1"), (service.Name, service.Listen[0].ToString(), service.Backends[0].Address.Text));
    }

    [Fact]
    public void Read_PlacesOfSeveralServicesFromFlags_AreRefusedInOneSentence()
    {
        Flags[ServiceSettings.Listen] = ["81"];
        Variables["LBTCP_BACKENDS"] = "b:1";
        Assert.Equal(
            ["--listen and LBTCP_BACKENDS cannot be used with a configuration file of 2 services; "
                + "only a single service can be overridden in this way."],
            Errors("""{ "services": { "a": { "listen": 80, "backends": "a:1" }, "b": { "listen": 82, "backends": "a:1" } } }"""));
    }

    [Fact]
    public void Read_BackendsFromOneSource_IgnoreTheFileOfALowerOne()
    {
        Flags[ServiceSettings.Backends] = ["a:1"];
        Variables["LBTCP_BACKENDS_FILE"] = "/no/such/file";
        ServiceOptions service = Read().Options!.Services[0];
        Assert.Equal(("a:1", null), (service.Backends[0].Address.Text, service.BackendsFile));
    }

    [Fact]
    public void Read_BackendsAndAFileFromTheEnvironment_ExcludeEachOther()
    {
        Variables["LBTCP_BACKENDS"] = "a:1";
        Variables["LBTCP_BACKENDS_FILE"] = "b.txt";
        Assert.Equal(
            ["LBTCP_BACKENDS and LBTCP_BACKENDS_FILE exclude each other; use one of them."],
            Read().Errors.Select(error => error.ToString()));
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
        "services.a.check_send is QUIT, which is not used by services.a.check, redis.",
        "\"a\": { \"listen\": 80, \"backends\": \"a:1\", \"check\": \"redis\", \"check_send\": ^\"QUIT\" }")]
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
        Variables["LBTCP_RISE"] = "0";
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
                $"{list}:1:1: 'nonsense' is not a backend: the port is missing; write host:port.",
            ],
            errors.Select(error => error.Replace(Path.Combine(Directory, "lbtcp.json"), "FILE", StringComparison.Ordinal)));
    }

    [Fact]
    public void Read_WrongEjectionTime_IsNoConflictToo()
    {
        Assert.Equal("services.a.ejection_time", Assert.Single(Errors(
            """{ "services": { "a": { "listen": 80, "backends": "a:1", "ejection_time": "1", "max_ejection_time": "5s" } } }"""))
            .Split(' ')[1].TrimEnd(':'));
    }
}
