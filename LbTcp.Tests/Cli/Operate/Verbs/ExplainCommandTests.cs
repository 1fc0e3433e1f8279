using LbTcp.Cli;
using LbTcp.Hosting.Operations;
using LbTcp.Tests.Admin;
using NSubstitute;

namespace LbTcp.Tests.Cli.Operate.Verbs;

/// <summary><c>explain --client</c>, with a running admin endpoint.</summary>
public sealed class ExplainCommandTests : IAsyncLifetime, IDisposable
{
    private readonly StringWriter _output = new() { NewLine = "\n" };
    private readonly StringWriter _error = new() { NewLine = "\n" };
    private AdminFixture _fixture = null!;

    public async Task InitializeAsync()
    {
        _fixture = await AdminFixture.StartAsync(isUnix: true);
        _fixture.View.ReadServices().Returns([SampleStates.Service("web")]);
    }

    public async Task DisposeAsync() => await _fixture.DisposeAsync();

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
    }

    [Fact]
    public async Task Explain_Client_TellsTheRuleThatDecides()
    {
        _fixture.View.ReadAccess("web", null).Returns(
            new AccessStatus("web", false, "deny unix", "access.txt:2", "is refused by deny unix, access.txt:2"));
        Assert.Equal(0, await RunAsync("explain", "--client", "unix"));
        Assert.Equal("web: unix is refused by deny unix, access.txt:2\n", _output.ToString());
    }

    [Theory]
    [InlineData("--client: '10.0.0.0/8' is not the address of a client, and not unix.", "--client", "10.0.0.0/8")]
    [InlineData("Give either BACKEND, CONNECTION or CLIENT, or --client ADDRESS.", "web1", "--client", "10.0.0.9")]
    [InlineData("Give either BACKEND, CONNECTION or CLIENT, or --client ADDRESS.")]
    public async Task Explain_WrongClient_IsOneSentence(string sentence, params string[] arguments)
    {
        Assert.Equal(2, await RunAsync(["explain", .. arguments]));
        Assert.StartsWith($"lbtcp: {sentence}", _error.ToString(), StringComparison.Ordinal);
    }

    private Task<int> RunAsync(params string[] args) => new LbTcpCommand(
        _output, _error, new Dictionary<string, string> { ["LBTCP_ADMIN"] = _fixture.Address.ToString()! }).RunAsync(args);
}
