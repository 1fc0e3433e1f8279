using System.Globalization;
using System.Text;
using LbTcp.Admin.Metrics;
using Microsoft.AspNetCore.Http;

namespace LbTcp.Tests.Admin.Metrics;

/// <summary>A scrape in the text format of Prometheus.</summary>
internal sealed class ScrapedText
{
    private readonly string[] _lines;

    private ScrapedText(string text)
    {
        Text = text;
        _lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>The whole text.</summary>
    public string Text { get; }

    /// <summary>Every metric with its type and help.</summary>
    public IReadOnlyList<(string Name, string Type, string Help)> Metrics =>
    [
        .. _lines.Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal)).Select(line =>
        {
            string[] words = line.Split(' ');
            string help = $"# HELP {words[2]} ";
            return (words[2], words[3], _lines.Single(other => other.StartsWith(help, StringComparison.Ordinal))[help.Length..]);
        }),
    ];

    /// <summary>The lines of values.</summary>
    public IReadOnlyList<string> Series => [.. _lines.Where(line => line[0] != '#')];

    /// <summary>Scrapes once.</summary>
    public static async Task<ScrapedText> OfAsync(PrometheusScrape scrape)
    {
        var context = new DefaultHttpContext();
        using var body = new MemoryStream();
        context.Response.Body = body;
        await scrape.HandleAsync(context);
        Assert.Equal(StatusCodes.Status200OK, context.Response.StatusCode);
        return new ScrapedText(Encoding.UTF8.GetString(body.ToArray()));
    }

    /// <summary>The value of a series, written as in the text; null if there is none.</summary>
    public double? this[string series] =>
        Series.SingleOrDefault(line => line.StartsWith(series + " ", StringComparison.Ordinal)) is { } line
            ? double.Parse(line.Split(' ')[^1], CultureInfo.InvariantCulture)
            : null;
}
