using System.CommandLine;
using LbTcp.Cli;
using LbTcp.Cli.Operate;

namespace LbTcp.Tests.Cli.Operate;

public sealed class VerbPageTests : IDisposable
{
    private readonly VerbScenario _scenario = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose()
    {
        _scenario.Dispose();
        _output.Dispose();
        _error.Dispose();
    }

    [Fact]
    public async Task Help_EveryVerb_HasAPageThatFitsATerminal()
    {
        foreach (Command verb in OperateVerbs.All(_scenario.Environment, new RootCommand()))
        {
            string page = await HelpAsync(verb.Name);
            Assert.StartsWith($"lbtcp {verb.Name} - {verb.Description}", page.ReplaceLineEndings(" "), StringComparison.Ordinal);
            Assert.Contains($"Examples:\n  lbtcp {verb.Name}", page, StringComparison.Ordinal);
            Assert.Contains("Exit codes:\n  0 ", page, StringComparison.Ordinal);
            Assert.All(page.Split('\n'), line => Assert.InRange(line.Length, 0, 80));
            Assert.All(verb.Options, flag => Assert.Contains($"  {flag.Name}", page, StringComparison.Ordinal));
            Assert.All(verb.Options, flag => Assert.False(string.IsNullOrEmpty(flag.Description), flag.Name));
        }
    }

    [Theory]
    [InlineData("Required argument 'BACKEND' missing for command: 'drain'. See lbtcp drain --help.", "drain")]
    [InlineData("WEIGHT is '999', which is not a whole number from 0 to 256. See lbtcp weight --help.", "weight", "a", "999")]
    [InlineData(
        "--wait: '5' has no unit; write 5s for seconds or 5ms for milliseconds. See lbtcp drain --help.", "drain", "a", "--wait", "5")]
    [InlineData("--rate is '5', which is not a rate from 0.1/s to 10000/s such as 5/s. See lbtcp rebalance --help.",
        "rebalance", "--rate", "5")]
    [InlineData("--tolerance is '0.1', which is not a percentage from 0% to 100% such as 10%. See lbtcp rebalance --help.",
        "rebalance", "--tolerance", "0.1")]
    [InlineData("--client: '10' is not an address or a network like 10.0.0.0/8. See lbtcp connections --help.",
        "connections", "--client", "10")]
    [InlineData("--client: '10.0.0.1/33' is not a network: the length is not a number from 0 to 32. See lbtcp connections --help.",
        "connections", "--client", "10.0.0.1/33")]
    [InlineData("There is no flag '--jsno'; did you mean --json? See lbtcp status --help.", "status", "--jsno")]
    [InlineData("lbtcp status does not take --listen.", "--listen", "80", "status")]
    [InlineData("--admin: 'x' is not an address to listen on: the port 'x' is not a number from 1 to 65535.", "--admin", "x", "status")]
    [InlineData("/no/such/token does not exist.", "--admin-token-file", "/no/such/token", "status")]
    public async Task RunAsync_WrongArguments_EndsWith2AndOneSentence(string sentence, params string[] args)
    {
        Assert.Equal(2, await new LbTcpCommand(_output, _error).RunAsync(args));
        Assert.Equal($"lbtcp: {sentence}{Environment.NewLine}", _error.ToString());
    }

    [Theory]
    [InlineData("unix:/no/such/dir/a", "--admin", "unix:/no/such/dir/a", "status")]
    [InlineData("unix:/no/such/dir/a", "status", "--admin", "unix:/no/such/dir/a")]
    [InlineData("unix:/no/such/dir/b", "status")]
    public async Task RunAsync_Address_ComesFromTheFlagOrTheEnvironment(string address, params string[] args)
    {
        var variables = new Dictionary<string, string> { ["LBTCP_ADMIN"] = "unix:/no/such/dir/b" };
        Assert.Equal(1, await new LbTcpCommand(_output, _error, variables).RunAsync(args));
        Assert.StartsWith($"lbtcp: lbtcp does not answer at {address}: no such file; ", _error.ToString(), StringComparison.Ordinal);
    }

    private async Task<string> HelpAsync(string verb)
    {
        using var page = new StringWriter();
        Assert.Equal(0, await new LbTcpCommand(page, _error).RunAsync([verb, "--help"]));
        return page.ToString().ReplaceLineEndings("\n");
    }
}
