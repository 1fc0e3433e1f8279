using System.Net;
using LbTcp.Cli.Operate.Views;
using LbTcp.Hosting.Operations;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Cli.Operate.Views;

public sealed class ExplanationTests
{
    [Fact]
    public void Write_UnhealthyBackend_TellsChangesChecksAndWhatIsNext() => Assert.Equal(
        """
        web2 (10.0.1.5:3001) gets no new connections: unhealthy since 14:02:11 (12s).
          14:02:11  unhealthy  3 checks failed in a row: connection refused  (active)
          14:02:10  check      connection refused after 0.3ms
          next: check in 400ms
          next: 2 successes in a row make it healthy
          next: slow start 30s then

        """,
        Write(Samples.Web2));

    [Fact]
    public void Write_HealthyBackend_TellsItsShareAndTheDateOfAnOldChange()
    {
        string text = Write(Samples.Web1);
        Assert.StartsWith(
            "web1 (10.0.1.4:3001) gets 75 % of the new connections: healthy since 2026-11-20 02:02:23 (2d).\n", text,
            StringComparison.Ordinal);
        Assert.Contains("  reason: 2 checks succeeded in a row\n", text, StringComparison.Ordinal);
        Assert.EndsWith("  share: weight 3 of 4\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_ManyChecks_TellsTheLatest20()
    {
        CheckStatus[] checks = [.. Enumerable.Repeat(Samples.Web1.Checks[0], 30)];
        Assert.Equal(20, Write(Samples.Web1 with { Checks = checks }).Split("  check  ").Length - 1);
    }

    [Fact]
    public void Write_Connection_TellsTheWayAndWhy()
    {
        using var output = new StringWriter { NewLine = "\n" };
        ConnectionExplanation.Write(Samples.Connection, output);
        Assert.Equal(
            """
            1f3: 10.0.0.9:51322 is connected to web1 (10.0.1.4:3001), service web, accepted 3m ago.
              connected: after 0.7ms
              traffic: in 512 B, out 20 KB, idle for 2s
              why: web2 was tried before and failed: connection refused
              why: web1 was picked by leastconn, one of 2 that were available

            """,
            output.ToString());
    }

    [Theory]
    [InlineData("web1", "would go to web1.")]
    [InlineData(null, "would go to one of 2 backends.")]
    public void Write_Forecast_TellsWhereAConnectionWouldGo(string? backend, string goal)
    {
        using var output = new StringWriter { NewLine = "\n" };
        var access = new AccessStatus("web", true, null, null, "is admitted: no rule matches");
        var forecast = new PickForecast(
            "web", backend, ["\u001b[31m"], access, [new BackendShare("web1", 0.75), new BackendShare("web3", 0.25)]);
        ForecastExplanation.Write([forecast], IPAddress.Parse("10.0.0.9"), output);
        Assert.Equal(
            $"web: a new connection of 10.0.0.9 {goal}\n  why: \\u001B[31m\n  shares: web1 75 %, web3 25 %\n", output.ToString());
    }

    [Fact]
    public void Write_ForecastOfServerNames_NamesThem()
    {
        using var output = new StringWriter { NewLine = "\n" };
        var access = new AccessStatus("web", true, null, null, "is admitted");
        var forecast = new PickForecast("web", "web1", [], access, []) { ServerNames = ["*.a.example", "a.example"] };

        ForecastExplanation.Write([forecast], IPAddress.Parse("10.0.0.9"), output);

        Assert.Equal("web: a new connection of 10.0.0.9 for *.a.example, a.example would go to web1.\n", output.ToString());
    }

    [Fact]
    public void Write_ForecastOfARefusedClient_NamesTheRule()
    {
        using var output = new StringWriter { NewLine = "\n" };
        var access = new AccessStatus("web", false, "deny all", "--deny all", "is refused by --deny all");
        var forecast = new PickForecast("web", null, ["the client is refused by --deny all"], access, []);
        ForecastExplanation.Write([forecast], IPAddress.Parse("10.0.0.9"), output);
        Assert.Equal(
            "web: a new connection of 10.0.0.9 would be refused.\n  why: the client is refused by --deny all\n", output.ToString());
    }

    private static string Write(BackendDetail backend)
    {
        using var scenario = new VerbScenario();
        new BackendExplanation(scenario.Environment).Write(backend);
        return scenario.Output;
    }
}
