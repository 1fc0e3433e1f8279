using System.Text.Json.Nodes;
using LbTcp.Backends;
using LbTcp.Cli;
using LbTcp.Cli.Terminals;
using LbTcp.Hosting.Operations;
using LbTcp.Tests.Admin;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Logging;
using NSubstitute;

namespace LbTcp.Tests.Cli.Operate.Verbs;

/// <summary>The verbs from the command line to a running admin endpoint, with a double of the process behind it.</summary>
public sealed class VerbTests : IAsyncLifetime, IDisposable
{
    private readonly StringWriter _output = new() { NewLine = "\n" };
    private readonly StringWriter _error = new() { NewLine = "\n" };
    private AdminFixture _fixture = null!;

    public async Task InitializeAsync()
    {
        _fixture = await AdminFixture.StartAsync(isUnix: true);
        BackendDetail[] backends = [Samples.Web1, Samples.Web2, Samples.Web3];
        _fixture.View.ReadServices().Returns([Samples.Service]);
        _fixture.View.ReadBackends(null).Returns(backends);
        foreach (BackendDetail backend in backends)
            _fixture.View.ReadBackend("web", backend.Name).Returns(backend);
    }

    public async Task DisposeAsync() => await _fixture.DisposeAsync();

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
    }

    [Fact]
    public async Task Status_Text_IsTheTable()
    {
        Assert.Equal(0, await RunAsync("status"));
        Assert.StartsWith("web  *:8080  leastconn  2 of 3 available", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("\n  web2     10.0.1.5:3001  unhealthy ", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_Json_IsTheStateInTheShapeOfTheApi()
    {
        Assert.Equal(0, await RunAsync("status", "--json"));
        JsonNode state = JsonNode.Parse(_output.ToString())!;
        Assert.Equal("unhealthy", (string?)state["backends"]![1]!["health"]);
        Assert.Equal("1.2.3", (string?)state["process"]!["version"]);
    }

    [Fact]
    public async Task TopOnce_NoTerminal_IsTheTable()
    {
        Assert.Equal(0, await RunAsync("top", "--once"));
        Assert.Contains("  web1 ", _output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("drain")]
    [InlineData("maint")]
    [InlineData("ready")]
    public async Task Intent_Backend_IsSet(string verb)
    {
        _fixture.Control.SetIntent("web", "web3", Enum.Parse<BackendIntent>(verb, ignoreCase: true), Arg.Any<Requester>())
            .Returns(new ChangeResult(ChangeStatus.Done, "web3: as requested\u001b[2J"));
        Assert.Equal(0, await RunAsync(verb, "web3"));
        Assert.Equal("web3: as requested\\u001B[2J\n", _output.ToString());
    }

    [Fact]
    public async Task DrainWait_NoConnections_EndsAtOnce()
    {
        _fixture.View.ReadBackend("web", "web2").Returns(Samples.Web2 with { Intent = BackendIntent.Drain });
        _fixture.Control.SetIntent("web", "web2", BackendIntent.Drain, Arg.Any<Requester>())
            .Returns(new ChangeResult(ChangeStatus.Done, "done"));
        Assert.Equal(0, await RunAsync("drain", "web2", "--wait", "5m"));
        Assert.Equal("web2: drained in 0s, 0 completed, 0 cut\n", _output.ToString());
    }

    [Fact]
    public async Task DrainWaitJson_TimeIsUp_IsTheBackendAndFails()
    {
        _fixture.Control.SetIntent("web", "web3", BackendIntent.Drain, Arg.Any<Requester>())
            .Returns(new ChangeResult(ChangeStatus.Done, "done"));
        Assert.Equal(1, await RunAsync("drain", "web3", "--wait", "1s", "--json"));
        Assert.Equal(13, (int?)JsonNode.Parse(_output.ToString())!["traffic"]!["open"]);
    }

    [Fact]
    public async Task Drain_UnknownBackend_EndsWith2AndTheCandidates()
    {
        Assert.Equal(2, await RunAsync("drain", "web9"));
        Assert.Equal("lbtcp: There is no backend 'web9'; did you mean web1?\n", _error.ToString());
    }

    [Theory]
    [InlineData("5", 5)]
    [InlineData("-", null)]
    public async Task Weight_Backend_IsSet(string text, int? weight)
    {
        _fixture.Control.SetWeight("web", "web3", weight, Arg.Any<Requester>())
            .Returns(new ChangeResult(ChangeStatus.Done, "web3: done"));
        Assert.Equal(0, await RunAsync("weight", "web/web3", text));
        Assert.Equal("web3: done\n", _output.ToString());
    }

    [Fact]
    public async Task LogLevel_Word_IsSet()
    {
        _fixture.Control.SetLogLevel(LogLevel.Debug, Arg.Any<Requester>()).Returns(new ChangeResult(ChangeStatus.Done, "debug now"));
        Assert.Equal(0, await RunAsync("log-level", "debug"));
        Assert.Equal("debug now\n", _output.ToString());
    }

    [Fact]
    public async Task Reload_Refused_EndsWith1AndAllErrors()
    {
        _fixture.Control.ReloadAsync(true, Arg.Any<Requester>(), Arg.Any<CancellationToken>())
            .Returns(new ReloadReport(false, ["lbtcp.json:7:9: unknown key \"x\"", "lbtcp.json:8:1: y"], []));
        Assert.Equal(1, await RunAsync("reload", "--dry-run"));
        Assert.Equal(
            "lbtcp.json:7:9: unknown key \"x\"\nlbtcp.json:8:1: y\nlbtcp: The reload is refused; what ran before continues.\n",
            _error.ToString());
    }

    [Fact]
    public async Task Reload_Applied_PrintsTheChanges()
    {
        _fixture.Control.ReloadAsync(false, Arg.Any<Requester>(), Arg.Any<CancellationToken>())
            .Returns(new ReloadReport(true, [], ["reload added backend=web4"]));
        Assert.Equal(0, await RunAsync("reload"));
        Assert.Equal("reload added backend=web4\n", _output.ToString());
    }

    [Fact]
    public async Task Connections_Filters_ArePassedOn()
    {
        ConnectionFilter? filter = null;
        _fixture.View.ReadConnections(Arg.Do<ConnectionFilter>(given => filter = given)).Returns([Samples.Connection]);
        Assert.Equal(0, await RunAsync("connections", "--backend", "web1", "--client", "10.0.0.9", "--idle", "5m", "--limit", "7"));
        Assert.Equal(("web", "web1", "10.0.0.9/32", TimeSpan.FromMinutes(5)),
            (filter!.Service, filter.Backend, filter.Client.ToString(), filter.Idle));
        Assert.Equal(
            """
            ID   CLIENT          SERVICE  BACKEND  STATE  AGE  IDLE     IN    OUT
            1f3  10.0.0.9:51322  web      web1     open    3m    2s  512 B  20 KB

            """,
            _output.ToString());
    }

    [Fact]
    public async Task Connections_AddressWithSeveralNames_ListsThoseOfAll()
    {
        ConnectionFilter? filter = null;
        _fixture.View.ReadBackends(null).Returns([Samples.Web1, Samples.Web1 with { Service = "mail", Name = "m1" }]);
        _fixture.View.ReadConnections(Arg.Do<ConnectionFilter>(given => filter = given)).Returns([]);
        Assert.Equal(0, await RunAsync("connections", "--backend", "10.0.1.4:3001"));
        Assert.Equal((null, "10.0.1.4:3001"), (filter!.Service, filter.Backend));
    }

    [Theory]
    [InlineData("n", 1, 0)]
    [InlineData("y", 0, 2)]
    public async Task ConnectionsKill_Terminal_AsksFirst(string answer, int exitCode, int closed)
    {
        _fixture.View.ReadConnections(default!).ReturnsForAnyArgs([SampleStates.Connection(1), SampleStates.Connection(2)]);
        _fixture.Control.CloseConnection(1, Arg.Any<Requester>()).Returns(new ChangeResult(ChangeStatus.Done, "closed"));
        _fixture.Control.CloseConnection(2, Arg.Any<Requester>()).Returns(new ChangeResult(ChangeStatus.NotFound, "gone"));
        Assert.Equal(exitCode, await RunAsync(new ScriptedTerminal { Line = answer }, "connections", "--kill"));
        Assert.Contains("End 2 connections with a reset of both sides? [y/N] ", _output.ToString(), StringComparison.Ordinal);
        Assert.Equal(
            closed > 0, _output.ToString().EndsWith("1 connection ended, 1 had ended before\n", StringComparison.Ordinal));
        _fixture.Control.ReceivedWithAnyArgs(closed).CloseConnection(default, default!);
    }

    [Fact]
    public async Task ConnectionsKill_NoTerminal_NeedsYes()
    {
        Assert.Equal(2, await RunAsync("connections", "--kill"));
        Assert.Equal("lbtcp: --kill asks for a confirmation, which needs a terminal; add --yes to give it now.\n", _error.ToString());
        Assert.Equal(0, await RunAsync("connections", "--kill", "--yes"));
    }

    [Theory]
    [InlineData("web2", "web2 (10.0.1.5:3001) gets no new connections: unhealthy since ")]
    [InlineData("10.0.1.5:3001", "web2 (10.0.1.5:3001) gets no")]
    [InlineData("1f3", "1f3: 10.0.0.9:51322 is connected to web1")]
    [InlineData("1F3", "1f3: 10.0.0.9:51322 is connected to web1")]
    [InlineData("10.0.0.9:51322", "1f3: 10.0.0.9:51322 is connected to web1")]
    [InlineData("10.0.0.9", "web: a new connection of 10.0.0.9 for a.example would go to web1.")]
    public async Task Explain_Subject_IsToldApart(string subject, string begin)
    {
        _fixture.View.ReadConnections(default!).ReturnsForAnyArgs([Samples.Connection]);
        _fixture.View.ReadConnection(0x1f3).Returns(Samples.Connection);
        _fixture.View.ForecastPick(default!).ReturnsForAnyArgs([SampleStates.Forecast]);
        Assert.Equal(0, await RunAsync("explain", subject));
        Assert.StartsWith(begin, _output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fff", "'fff' is no backend, no open connection and no address of a client.")]
    [InlineData("web4", "There is no backend 'web4'; did you mean web1?")]
    public async Task Explain_Unknown_EndsWith2(string subject, string sentence)
    {
        Assert.Equal(2, await RunAsync("explain", subject));
        Assert.Equal($"lbtcp: {sentence}\n", _error.ToString());
    }

    [Fact]
    public async Task Events_Since_AreTheLaterOnes()
    {
        _ = _fixture.Events.Add(SampleStates.Event);
        _ = _fixture.Events.Add(SampleStates.Event);
        Assert.Equal(0, await RunAsync("events", "--since", "1"));
        Assert.Matches(@"^2026-11-22T16:04:05.123Z warn backend is unhealthy, .* event=2\n$", _output.ToString());
    }

    [Fact]
    public async Task EventsFollow_ServerStops_EndsWith1AfterTheEvents()
    {
        _ = _fixture.Events.Add(SampleStates.Event);
        Task<int> running = RunAsync("events", "--follow");
        await Until.TrueAsync(() => _output.ToString().Contains("event=1", StringComparison.Ordinal), "the event is printed");
        await _fixture.StopAsync();
        Assert.Equal(1, await running.Done());
        Assert.EndsWith("was lost.\n", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rebalance_Steps_ArePrinted()
    {
        _fixture.Control.Rebalance(new RebalanceRequest("web", 20, 0.05), Arg.Any<Requester>()).Returns(new RebalanceReport(
            new ChangeResult(ChangeStatus.Done, "started"), [new RebalanceStep("web", "web1", 130, 90, 36)], TimeSpan.FromSeconds(1.8)));
        Assert.Equal(0, await RunAsync("rebalance", "--service", "web", "--rate", "20/s", "--tolerance", "5%"));
        Assert.Equal(
            "web: web1 has 130 open, its share is 90: 36 connections will be closed\nstarted\nIt takes 2s at 20/s.\n", _output.ToString());
    }

    private Task<int> RunAsync(params string[] args) => RunAsync(new NoTerminal(), args);

    private Task<int> RunAsync(ITerminal terminal, params string[] args) => new LbTcpCommand(
        _output, _error, new Dictionary<string, string> { ["LBTCP_ADMIN"] = _fixture.Address.ToString()! }, terminal).RunAsync(args);
}
