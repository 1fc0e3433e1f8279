using LbTcp.Admin.Metrics;
using LbTcp.Hosting.Operations;
using static LbTcp.Tests.Admin.Metrics.CountsScript;

namespace LbTcp.Tests.Admin.Metrics;

public sealed class PrometheusScrapeTests : IDisposable
{
    private const string Completed = """lbtcp_connections_total{backend="web1",reason="completed",service="web"}""";
    private const string Connects = """lbtcp_connect_duration_seconds_count{backend="web1",service="web"}""";

    private readonly PrometheusScrape _scrape;
    private HostCounts _counts = Host(Service("web", Backend("web1"), Backend("web2")));
    private int _reads;

    public PrometheusScrapeTests() => _scrape = new PrometheusScrape(View(() =>
    {
        _reads++;
        return _counts;
    }));

    public void Dispose() => _scrape.Dispose();

    [Fact]
    public async Task HandleAsync_Counts_AreTheValuesOfTheSeries()
    {
        ScrapedText text = await ScrapedText.OfAsync(_scrape);

        Assert.Equal(11, text[Completed]);
        Assert.Equal(5, text["""lbtcp_connections_total{reason="queue_full",service="web"}"""]);
        Assert.Equal(2, text["""lbtcp_connections_open{backend="web1",service="web"}"""]);
        Assert.Equal(1, text["""lbtcp_connections_open{service="web"}"""]); // queued, or being connected
        Assert.Equal(6, text["""lbtcp_admission_waiting{service="web"}"""]);
        Assert.Equal(20000, text["""lbtcp_bytes_total{backend="web1",direction="out",service="web"}"""]);
        Assert.Equal(3, text["""lbtcp_connect_attempts_total{backend="web1",outcome="refused",service="web"}"""]);
        Assert.Equal(3, text["""lbtcp_connection_duration_seconds_count{backend="web1",service="web"}"""]);
        Assert.Equal(100_008, text["""lbtcp_connection_duration_seconds_sum{backend="web1",service="web"}"""]);
        Assert.Equal(2, text["""lbtcp_connection_duration_seconds_bucket{backend="web1",service="web",le="86400"}"""]);
        Assert.Equal(0.5, text["""lbtcp_reactor_busy_ratio{reactor="1"}"""]);
        Assert.Equal(1.5, text["""lbtcp_backend_effective_weight{backend="web1",service="web"}"""]);
        Assert.Equal(1795363445.5, text["process_start_time_seconds{}"]);
        Assert.Equal(1795363455.5, text["lbtcp_reload_last_success_timestamp_seconds{}"]);
    }

    [Fact]
    public async Task HandleAsync_Text_HasNoSeriesOfReasonsThatNeverOccurredAndNoScope()
    {
        ScrapedText text = await ScrapedText.OfAsync(_scrape);

        Assert.Equal(3, text.Series.Count(line => line.StartsWith("lbtcp_connections_total", StringComparison.Ordinal)));
        Assert.DoesNotContain("otel_scope", text.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("_created", text.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HandleAsync_RefusedClients_HaveASeriesForEachCauseFromTheStart()
    {
        ScrapedText text = await ScrapedText.OfAsync(_scrape);

        Assert.Equal(5, text["""lbtcp_refused_total{service="web",why="queue_full"}"""]);
        Assert.Equal(0, text["""lbtcp_refused_total{service="web",why="no_backend_available"}"""]);
        Assert.Equal(0, text["""lbtcp_refused_total{service="web",why="access_denied"}"""]);
        Assert.Equal(6 + 8, text.Series.Count(line => line.StartsWith("lbtcp_refused_total", StringComparison.Ordinal)));
        Assert.Equal(8, text["""lbtcp_hedges_total{outcome="won",service="web"}"""]);
        Assert.Equal(0, text["""lbtcp_hedges_total{outcome="failed",service="web"}"""]);
    }

    [Fact]
    public async Task HandleAsync_EachScrape_ReadsTheCountsOnce()
    {
        await ScrapedText.OfAsync(_scrape);
        await ScrapedText.OfAsync(_scrape);
        Assert.Equal(2, _reads);
    }

    [Fact]
    public async Task HandleAsync_BackendHasGone_ItsSeriesEndAndCountersOfOthersContinue()
    {
        await ScrapedText.OfAsync(_scrape);
        _counts = Host(Service("web", Backend("web1")));

        ScrapedText text = await ScrapedText.OfAsync(_scrape);

        Assert.DoesNotContain("web2", text.Text, StringComparison.Ordinal);
        Assert.Equal(11, text[Completed]);
    }

    // A restart at 0 is a reset of the counter for Prometheus. What was counted since the last scrape must not be lost.
    [Fact]
    public async Task HandleAsync_BackendHasGone_HistogramsOfOthersRestartWithWhatIsNew()
    {
        Assert.Equal(1, (await ScrapedText.OfAsync(_scrape))[Connects]);
        BackendCounts web1 = Backend("web1");
        _counts = Host(Service("web", web1 with { Traffic = web1.Traffic with { Connect = Durations(0.0004, 0.1, 0.2) } }));

        Assert.Equal(2, (await ScrapedText.OfAsync(_scrape))[Connects]);
        Assert.Equal(2, (await ScrapedText.OfAsync(_scrape))[Connects]);
    }

    // A provider holds 1,000 metrics, and gives no place back.
    [Fact]
    public async Task HandleAsync_BackendsComeAndGo_NothingIsLost()
    {
        int metrics = LevelsAndSums(await ScrapedText.OfAsync(_scrape));
        for (int i = 0; i < 60; i++)
        {
            _counts = Host(Service("web", Backend("web1"), Backend($"next{i}")));
            ScrapedText text = await ScrapedText.OfAsync(_scrape);
            Assert.Equal((11, metrics), (text[Completed], LevelsAndSums(text)));
            Assert.Equal(2, text.Series.Count(line => line.StartsWith("lbtcp_backend_healthy", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task HandleAsync_ThousandBackends_HaveAllTheirSeries()
    {
        await ScrapedText.OfAsync(_scrape); // made for two
        _counts = Host(Service("web", [.. Enumerable.Range(0, 1000).Select(i => Backend($"app{i}"))]));

        ScrapedText text = await ScrapedText.OfAsync(_scrape);

        Assert.DoesNotContain("overflow", text.Text, StringComparison.Ordinal);
        Assert.Equal(1000, text.Series.Count(line => line.StartsWith("lbtcp_backend_healthy", StringComparison.Ordinal)));
        Assert.Equal(2000, text.Series.Count(line => line.StartsWith("lbtcp_bytes_total", StringComparison.Ordinal)));
        Assert.Equal(
            1000, text.Series.Count(line => line.StartsWith("lbtcp_connect_duration_seconds_count", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("a\"b", "a\\\"b")]
    [InlineData("a\\b", "a\\\\b")]
    [InlineData("a\nb", "a\\nb")]
    [InlineData("wéb ✓", "wéb ✓")]
    [InlineData("""x",backend="y""", """x\",backend=\"y""")]
    public async Task HandleAsync_NameOfAnyText_IsEscaped(string name, string label)
    {
        _counts = Host(Service("web", Backend(name)));
        Assert.Equal(1, (await ScrapedText.OfAsync(_scrape))[$$"""lbtcp_backend_healthy{backend="{{label}}",service="web"}"""]);
    }

    [Fact]
    public async Task HandleAsync_TwoInOneProcess_ShareNothing()
    {
        using var other = new PrometheusScrape(View(() => Host(Service("mail", Backend("mx1")))));

        await ScrapedText.OfAsync(_scrape);
        ScrapedText mail = await ScrapedText.OfAsync(other);
        ScrapedText web = await ScrapedText.OfAsync(_scrape);

        Assert.DoesNotContain("mail", web.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("web1", mail.Text, StringComparison.Ordinal);
        Assert.Equal(1, web[Connects]);
    }

    [Fact]
    public async Task HandleAsync_ManyAtATime_AreAllAnswered()
    {
        ScrapedText[] texts = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => ScrapedText.OfAsync(_scrape)))).Done();
        Assert.All(texts, text => Assert.Equal(11, text[Completed]));
    }

    private static int LevelsAndSums(ScrapedText text) => text.Metrics.Count(
        metric => metric.Type != "histogram" && metric.Name.StartsWith("lbtcp_", StringComparison.Ordinal));
}
