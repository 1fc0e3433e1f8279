using LbTcp.Configuration;
using LbTcp.Configuration.Settings;
using LbTcp.Configuration.Sources;

namespace LbTcp.Tests.Configuration.Sources;

public class ConfigurationFileTests
{
    [Fact]
    public void Parse_CommentsTrailingCommasAndByteOrderMark_AreAccepted()
    {
        ConfigurationFile file = Parsed("""
            {
              "$schema": "lbtcp.schema.json", // for editors
              "defaults": { "check_interval": "5s", "retries": 1, },
              "services": {
                "web": { "listen": ["*:8080", 8081], "backends": ["a:1 weight=3", { "address": "b:1", "backup": true, "weight": 5 }] },
                "redis": { "listen": "127.0.0.1:6379", "backends_file": "redis.txt", "access_log": false }, /* and
                on */
              },
              "log_format": "json",
            }
            """.Insert(0, "\uFEFF"));
        Assert.Equal("json", file.Process.Find(HostSettings.LogFormat)?.Value);
        Assert.Equal(
            ("5s", "1"), (file.Defaults.Find(HealthCheckSettings.Interval)?.Value, file.Defaults.Find(ForwardingSettings.Retries)?.Value));
        Assert.Equal(["web", "redis"], file.Services.Select(service => service.Name));
        SettingLayer web = file.Services[0].Layer;
        Assert.Equal(["*:8080", "*:8081"], web.Listen!.Values.Select(address => address.Value.ToString()));
        Assert.Equal(
            [("a:1", 3, false), ("b:1", 5, true)],
            web.Backends!.Values.Select(backend => (backend.Value.Address.Text, backend.Value.Weight, backend.Value.IsBackup)));
        SettingLayer redis = file.Services[1].Layer;
        Assert.Equal("off", redis.Find(ForwardingSettings.AccessLog)?.Value);
        Assert.Null(redis.Backends);
    }

    [Theory]
    [InlineData("services.web: unknown key \"algoritm\"; did you mean \"algorithm\"?", "^\"algoritm\": \"leastconn\"")]
    [InlineData("services.web: unknown key \"tunnel\".", "^\"tunnel\": \"unix:/x\"")]
    [InlineData(
        "services.web: unknown key \"log_level\"; it is a setting of the process, at the top level of the file.",
        "^\"log_level\": \"x\"")]
    [InlineData("services.web: the key \"rise\" is repeated; it is on line 1 already.", "\"rise\": 2, ^\"rise\": 3")]
    [InlineData("services.web.rise is '0', which is not a whole number from 1 to 1000.", "\"rise\": ^0")]
    [InlineData("services.web.rise is '1.5', which is not a whole number from 1 to 1000.", "\"rise\": ^1.5")]
    [InlineData("services.web.rise is true; write a string or a number.", "\"rise\": ^true")]
    [InlineData("services.web.rise is null; write a string or a number.", "\"rise\": ^null")]
    [InlineData("services.web.rise is a list; write a string or a number.", "\"rise\": ^[1]")]
    [InlineData("services.web.access_log is an object; write true, false or a string.", "\"access_log\": ^{}")]
    [InlineData("services.web.access_log is 'yes'; use on, off, errors or sample=1/100.", "\"access_log\": ^\"yes\"")]
    [InlineData("services.web.check_interval: '2' has no unit; write 2s for seconds or 2ms for milliseconds.", "\"check_interval\": ^2")]
    [InlineData("services.web.max_connections is '0', which is not a whole number from 1 to 2147483647.", "\"max_connections\": ^\"0\"")]
    [InlineData("services.web.backends[1]: 'b' is not a backend: the port is missing; write host:port.", "\"backends\": [\"a:1\", ^\"b\"]")]
    [InlineData("services.web.backends[1]: a:1 is given twice.", "\"backends\": [\"a:1\", ^\"tcp://A:1\"]")]
    [InlineData("services.web.backends[0] is empty; write host:port.", "\"backends\": [^\" \"]")]
    [InlineData("services.web.backends[0] is a number; write a backend as a string or an object.", "\"backends\": [^1]")]
    [InlineData("services.web.backends[0]: address is missing.", "\"backends\": [^{ \"weight\": 1 }]")]
    [InlineData(
        "services.web.backends[0].address: 'a' is not a backend: the port is missing; write host:port.",
        "\"backends\": [{ \"address\": ^\"a\" }]")]
    [InlineData(
        "services.web.backends.weight is '300', which is not a whole number from 0 to 256.",
        "\"backends\": { \"address\": \"a:1\", \"weight\": ^300 }")]
    [InlineData(
        "services.web.backends[0]: unknown key \"wieght\"; did you mean \"weight\"?",
        "\"backends\": [{ \"address\": \"a:1\", ^\"wieght\": 3 }]")]
    [InlineData(
        "services.web.backends has check=none and check_port, but is not checked then; leave one of them out.",
        "\"backends\": { \"address\": \"a:1\", \"check\": \"none\", ^\"check_port\": 5 }")]
    [InlineData("services.web.listen[1]: *:80 is given twice.", "\"listen\": [80, ^\"*:80\"]")]
    [InlineData(
        "services.web.listen: 'x' is not an address to listen on: the port 'x' is not a number from 1 to 65535.",
        "\"listen\": ^\"x\"")]
    [InlineData("services.web.listen[0] is an object; write a string or a number.", "\"listen\": [^{}]")]
    public void Parse_MistakeInAService_IsToldWithItsPlace(string message, string members)
    {
        string text = $"{{ \"services\": {{ \"web\": {{ {members} }} }} }}";
        ConfigurationError error = Assert.Single(Errors(text.Replace("^", "", StringComparison.Ordinal)));
        Assert.Equal((message, 1, text.IndexOf('^', StringComparison.Ordinal) + 1), (error.Message, error.Line, error.Column));
    }

    [Theory]
    [InlineData("there are no services; describe at least one.", "^{}")]
    [InlineData("is a list, which is not an object.", "^[]")]
    [InlineData("services is empty; describe at least one service.", "{ \"services\": ^{} }")]
    [InlineData("services is a string, which is not an object.", "{ \"services\": ^\"x\" }")]
    [InlineData("services.web is null, which is not an object.", "{ \"services\": { \"web\": ^null } }")]
    [InlineData("services: the key \"a\" is repeated; it is on line 1 already.", "{ \"services\": { \"a\": {}, ^\"a\": {} } }")]
    [InlineData(
        "services: 'a b' is not a name of 1 to 64 letters, digits, dots, dashes and underscores.",
        "{ \"services\": { ^\"a b\": {} } }")]
    [InlineData("services: '' is not a name of 1 to 64 letters, digits, dots, dashes and underscores.", "{ \"services\": { ^\"\": {} } }")]
    [InlineData("unknown key \"rise\"; it is a setting of a service, or of \"defaults\".", "{ ^\"rise\": 1, \"services\": { \"a\": {} } }")]
    [InlineData("unknown key \"servcies\"; did you mean \"services\"?", "{ \"services\": { \"a\": {} }, ^\"servcies\": {} }")]
    [InlineData("unknown key \"\\u001B[2J\".", "{ \"services\": { \"a\": {} }, ^\"\\u001b[2J\": {} }")]
    [InlineData(
        "defaults: unknown key \"listen\"; it is set in each service.",
        "{ \"services\": { \"a\": {} }, \"defaults\": { ^\"listen\": 80 } }")]
    [InlineData(
        "defaults.fall is '-1', which is not a whole number from 1 to 1000.",
        "{ \"services\": { \"a\": {} }, \"defaults\": { \"fall\": ^-1 } }")]
    [InlineData(
        "log_level is 'loud'; use trace or debug or info or warn or error.",
        "{ \"services\": { \"a\": {} }, \"log_level\": ^\"loud\" }")]
    [InlineData("not valid JSON: '}' is an invalid start of a value.", "{ \"services\": ^} }")]
    [InlineData("not valid JSON: 'x' is invalid after a single JSON value. Expected end of data.", "{ \"services\": { \"a\": {} } } ^x")]
    [InlineData("not valid JSON: the string has an escape that stands for no character.", "{ \"services\": ^\"\\ud800\" }")]
    [InlineData("not valid JSON: the file is empty.", "^")]
    [InlineData("not valid JSON: a word is neither true, false nor null; text goes in double quotes.", "{ \"services\": t^web }")]
    public void Parse_MistakeInTheFile_IsToldWithItsPlace(string message, string text)
    {
        ConfigurationError error = Assert.Single(Errors(text.Replace("^", "", StringComparison.Ordinal)));
        Assert.Equal((message, 1, text.IndexOf('^', StringComparison.Ordinal) + 1), (error.Message, error.Line, error.Column));
    }

    [Fact]
    public void Parse_ManyMistakes_AreAllTold()
    {
        ConfigurationError[] errors = Errors(
            "{\r\n  \"services\": {\r\n    \"wéb\": { \"x\": 1 },\r\n    \"a\": { \"rise\": 0, \"fall\": 0 }\r\n  }, \"log_level\": 1 }");
        Assert.Equal([(3, 5), (3, 14), (4, 20), (4, 31), (5, 19)], errors.Select(error => (error.Line!.Value, error.Column!.Value)));
        Assert.Equal("    \"wéb\": { \"x\": 1 },", errors[1].LineText);
        Assert.Equal("f:3:14: services.wéb: unknown key \"x\".", errors[1].ToString());
    }

    [Fact]
    public void Parse_DeepNesting_IsRefusedInOneSentence()
    {
        ConfigurationError error = Assert.Single(Errors(new string('[', 100_000)));
        Assert.Equal((1, 17), (error.Line, error.Column));
        Assert.StartsWith("not valid JSON: The maximum configured depth of 16", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_MissingFile_IsRefused()
    {
        List<ConfigurationError> errors = [];
        Assert.Null(ConfigurationFile.Read("/no/such/file", errors));
        Assert.Equal("/no/such/file does not exist.", Assert.Single(errors).ToString());
    }

    private static ConfigurationFile Parsed(string text)
    {
        List<ConfigurationError> errors = [];
        ConfigurationFile? file = ConfigurationFile.Parse("f", text, errors);
        Assert.Empty(errors);
        return file!;
    }

    private static ConfigurationError[] Errors(string text)
    {
        List<ConfigurationError> errors = [];
        _ = ConfigurationFile.Parse("f", text, errors);
        Assert.All(errors, error => Assert.Equal("f", error.Source));
        return [.. errors];
    }
}
