using LbTcp.Cli;

namespace LbTcp.Tests.Cli;

/// <summary><c>check --client</c>, and what <c>check</c> says of access rules.</summary>
public sealed class AccessCheckTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("lbtcp-check-").FullName;
    private readonly StringWriter _output = new() { NewLine = "\n" };
    private readonly StringWriter _error = new() { NewLine = "\n" };

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Theory]
    [InlineData("10.0.0.9", "10.0.0.9 is refused by deny 10.0.0.0/24, ACCESS:2")]
    [InlineData("::ffff:10.0.0.9", "10.0.0.9 is refused by deny 10.0.0.0/24, ACCESS:2")]
    [InlineData("10.0.1.9", "10.0.1.9 is admitted by --allow 10.0.0.0/8")]
    [InlineData("unix", "a client of a unix socket is refused: no rule allows it")]
    public async Task RunAsync_Client_TellsTheRuleThatDecides(string client, string expected)
    {
        string access = Write("access", "# guests", "deny 10.0.0.0/24");
        string[] flags = ["--access-file", access, "--allow", "10.0.0.0/8"];
        Assert.Equal((0, ""), (await RunAsync(["check", "-b", "127.0.0.1:1", .. flags, "--client", client]), _error.ToString()));
        Assert.Equal($"default: {expected}\n".Replace("ACCESS", access, StringComparison.Ordinal), _output.ToString());
    }

    [Fact]
    public async Task RunAsync_ClientOfSeveralServices_NamesThePlaceOfTheRule()
    {
        const string Services = """
            { "services": {
              "web": { "listen": "127.0.0.1:1", "backends": "127.0.0.1:2", "deny": ["10.0.0.0/8"] },
              "mail": { "listen": "127.0.0.1:3", "backends": "127.0.0.1:4" } } }
            """;
        string file = Write("lbtcp.json", Services.ReplaceLineEndings("\n"));
        Assert.Equal((0, ""), (await RunAsync("check", file, "--client", "10.0.0.9"), _error.ToString()));
        Assert.Equal(
            $"web: 10.0.0.9 is refused by --deny 10.0.0.0/8, from {file}:2:72 (services.web.deny)\n"
            + "mail: 10.0.0.9 is admitted: no rule matches\n",
            _output.ToString());
    }

    [Fact]
    public async Task RunAsync_WrongClient_IsOneSentence()
    {
        Assert.Equal(2, await RunAsync("check", "-b", "127.0.0.1:1", "--client", "10.0.0.0/8"));
        Assert.Equal(
            "lbtcp: --client '10.0.0.0/8' is not the address of a client, such as 10.0.0.9 or 2001:db8::9, and not unix.\n",
            _error.ToString());
    }

    [Fact]
    public async Task RunAsync_RuleWithoutEffect_IsAWarning()
    {
        string access = Write("access", "deny 10.0.0.0/8", "allow 10.0.0.1", "allow all");
        Assert.Equal(0, await RunAsync("check", "-b", "127.0.0.1:1", "--access-file", access));
        Assert.Equal(
            $"lbtcp: warning: allow 10.0.0.1 ({access}:2) has no effect: deny 10.0.0.0/8 ({access}:1) comes first.\n", _error.ToString());
    }

    private Task<int> RunAsync(params string[] args) => new LbTcpCommand(_output, _error).RunAsync(args);

    private string Write(string name, params string[] lines)
    {
        string path = Path.Combine(_directory, name);
        File.WriteAllLines(path, lines);
        return path;
    }
}
