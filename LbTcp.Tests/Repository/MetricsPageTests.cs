using System.Text.RegularExpressions;
using LbTcp.Admin.Metrics;
using LbTcp.Diagnostics;
using LbTcp.Tests.Admin.Metrics;
using static LbTcp.Tests.Admin.Metrics.CountsScript;

namespace LbTcp.Tests.Repository;

/// <summary><c>docs/metrics.md</c> lists what a scrape has, and the files in <c>deploy/</c> use nothing else.</summary>
public sealed partial class MetricsPageTests : IDisposable
{
    private static readonly MarkdownPage _page = new("docs/metrics.md");
    private static readonly string[] _sections = ["Connections", "Backends", "The process", "The .NET runtime"];

    private readonly PrometheusScrape _scrape = new(View(() => Host(Service("web", Backend("web1")))));

    public void Dispose() => _scrape.Dispose();

    [Fact]
    public async Task Metrics_OfThePage_AreThoseOfAScrape()
    {
        GC.Collect(); // some metrics of the runtime begin with the first collection
        ScrapedText text = await ScrapedText.OfAsync(_scrape);
        string[] scraped =
        [
            .. text.Metrics.Select(metric => $"{metric.Name} | {metric.Type} | {LabelsOf(text, metric.Name)} | {metric.Help}"),
        ];

        string[] rows = [.. RowsOfPage().Select(cells => $"{cells[0]} | {cells[1]} | {LabelsOf(cells[2])} | {cells[3]}")];

        string[] missing = [.. scraped.Except(rows)];
        string[] unknown = [.. rows.Except(scraped)];
        Assert.True(
            missing.Length + unknown.Length == 0,
            $"Missing in docs/metrics.md:\n{string.Join('\n', missing)}\nNot in a scrape:\n{string.Join('\n', unknown)}");
    }

    [Theory]
    [InlineData("deploy/grafana/lbtcp.json")]
    [InlineData("deploy/prometheus/lbtcp.rules.yml")]
    [InlineData("deploy/prometheus/lbtcp.rules.test.yml")]
    public void Metrics_OfDashboardAndRules_AreOnThePage(string path)
    {
        HashSet<string> known =
            [.. RowsOfPage().Select(cells => cells[1] == "histogram" ? $"{cells[0]}_bucket" : cells[0])];

        string[] used = [.. MetricName().Matches(RepositoryFiles.Read(path)).Select(match => match.Value).Distinct()];

        Assert.NotEmpty(used);
        Assert.Empty(used.Except(known));
    }

    [Fact]
    public void Metrics_OfThePage_AreOnTheDashboard()
    {
        string dashboard = RepositoryFiles.Read("deploy/grafana/lbtcp.json");
        Assert.All(
            RowsOfPage().Where(cells => cells[0].StartsWith("lbtcp_", StringComparison.Ordinal)),
            cells => Assert.Contains(cells[0], dashboard, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("deploy/grafana/lbtcp.json")]
    [InlineData("deploy/prometheus/lbtcp.rules.yml")]
    public void Reasons_OfFailuresInDashboardAndRules_AreThoseOfLbTcp(string path)
    {
        ConnectionEndReason[] others = [.. Enum.GetValues<ConnectionEndReason>().Where(reason => !reason.IsFailure())];
        string[] words = MetricLabels.Words<ConnectionEndReason>();

        string[] excluded = Excluded().Match(RepositoryFiles.Read(path)).Groups[1].Value.Split('|');

        Assert.Equal(others.Select(reason => words[(int)reason]).Order(), excluded.Order());
    }

    [Fact]
    public void Alerts_AllOfThem_AreOnThePage() => Assert.Equal(
        AlertName().Matches(RepositoryFiles.Read("deploy/prometheus/lbtcp.rules.yml")).Select(match => match.Groups[1].Value),
        _page.Rows("Alerts").Select(cells => cells[0]));

    private static IEnumerable<string[]> RowsOfPage() => _sections.SelectMany(_page.Rows);

    private static string LabelsOf(string cell) =>
        string.Join(", ", cell.Split(',').Select(label => label.Trim().Trim('`')).Order(StringComparer.Ordinal));

    private static string LabelsOf(ScrapedText text, string metric) => LabelsOf(string.Join(
        ',',
        text.Series
            .Where(line => Regex.IsMatch(line, $"^{metric}(_bucket|_sum|_count)?\\{{"))
            .SelectMany(line => Label().Matches(line).Select(match => match.Groups[1].Value))
            .Where(label => label != "le")
            .Distinct()));

    [GeneratedRegex(@"\b(lbtcp|dotnet|process)_[a-z_]+\b")]
    private static partial Regex MetricName();

    [GeneratedRegex(@"reason!~\\?""([a-z_|]+)")]
    private static partial Regex Excluded();

    [GeneratedRegex("([a-z_]+)=\"")]
    private static partial Regex Label();

    [GeneratedRegex("- alert: (\\w+)")]
    private static partial Regex AlertName();
}
