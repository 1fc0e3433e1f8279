using System.Net;
using System.Text.Json;
using LbTcp.Admin.Metrics;
using LbTcp.Hosting.Operations;
using LbTcp.Tests.Admin.Metrics;
using LbTcp.Tests.TestDoubles;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using static LbTcp.Tests.Admin.Metrics.CountsScript;

namespace LbTcp.Tests.EndToEnd.RealPrograms;

/// <summary>What Prometheus makes of the metrics.</summary>
public class PrometheusTests
{
    [SkippableFact]
    public async Task Scrape_ByPrometheus_HasTheValuesAndFollowsTheBackends()
    {
        RealProgram.Require("prometheus");
        HostCounts counts = Host(Service("web", Backend("web1"), Backend("wéb \"2\"")));
        using var scrape = new PrometheusScrape(View(() => counts));
        await using WebApplication server = await ServeAsync(scrape);
        using RealServer prometheus = RealServer.Prometheus(IPEndPoint.Parse(new Uri(server.Urls.Single()).Authority));
        await prometheus.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri($"http://{prometheus.EndPoint}") };

        await Until.TrueAsync(() => Query(client, "sum(lbtcp_backend_healthy)") == "2", "both backends");
        Assert.Equal("22", Query(client, "sum(lbtcp_connections_total{reason=\"completed\"})"));
        Assert.Equal("11", Query(client, "lbtcp_connections_total{backend='wéb \"2\"'}"));
        Assert.Equal("6", Query(client, "sum(lbtcp_connection_duration_seconds_count)"));
        Assert.Equal("1", Query(client, "up"));

        counts = Host(Service("web", Backend("web1")));
        await Until.TrueAsync(() => Query(client, "sum(lbtcp_backend_healthy)") == "1", "one backend");
        Assert.Null(Query(client, "{backend!~'web1|'}"));
        Assert.Equal("11", Query(client, "sum(lbtcp_connections_total{reason=\"completed\"})"));
    }

    [SkippableFact]
    public async Task Scrape_CheckedByPromtool_HasNoProblem()
    {
        RealProgram.Require("promtool", "sh");
        using var directory = new TemporaryDirectory();
        using var scrape = new PrometheusScrape(View(() => Host(Service("web", Backend("a\"\\\nb✓")), Service("mail", Backend("mx1")))));
        string file = directory.Write("metrics", (await ScrapedText.OfAsync(scrape)).Text);
        Assert.Equal("", await RealProgram.RunAsync("sh", "-c", "promtool check metrics < \"$0\" 2>&1", file));
    }

    private static async Task<WebApplication> ServeAsync(PrometheusScrape scrape)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        WebApplication server = builder.Build();
        server.Urls.Add("http://127.0.0.1:0");
        server.Run(scrape.HandleAsync);
        await server.StartAsync();
        return server;
    }

    // The value of the first series; null if there is none.
    private static string? Query(HttpClient client, string query)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/query?query={Uri.EscapeDataString(query)}");
        using HttpResponseMessage response = client.Send(request);
        if (!response.IsSuccessStatusCode)
            return null; // it is starting
        JsonElement answer = JsonDocument.Parse(response.Content.ReadAsStream()).RootElement;
        JsonElement result = answer.GetProperty("data").GetProperty("result");
        return result.GetArrayLength() == 0 ? null : result[0].GetProperty("value")[1].GetString();
    }
}
