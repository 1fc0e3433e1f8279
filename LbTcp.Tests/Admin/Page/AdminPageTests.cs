using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using LbTcp.Admin.Page;
using LbTcp.Tests.Repository;

namespace LbTcp.Tests.Admin.Page;

public sealed partial class AdminPageTests
{
    private const int LargestSize = 60_000; // bytes

    private static string Html => Encoding.UTF8.GetString(AdminPage.Html.Span);

    [Fact]
    public void Html_IsOneSmallFileWithAllParts()
    {
        Assert.InRange(AdminPage.Html.Length, 1, LargestSize);
        Assert.DoesNotContain("/*{", Html);
        Assert.Contains("\\u2009", Html); // backslashes survive the build
        foreach (FileInfo script in RepositoryFiles.Below("LbTcp/Admin/Page").Where(file => file.Extension == ".js"))
        {
            foreach (Match function in Function().Matches(File.ReadAllText(script.FullName)))
                Assert.Contains(function.Value, Html);
        }
    }

    [Fact]
    public void Html_HasNoAddressOfAnotherPlaceAndNoInlineHandler()
    {
        Assert.DoesNotMatch("""(src|href)="(?!data:,")""", Html);
        Assert.DoesNotMatch("""url\(|@import|\son[a-z]+=|\sstyle=|innerHTML|outerHTML|insertAdjacentHTML|eval\(""", Html);
        Assert.Equal(["http://www.w3.org/2000/svg"], Address().Matches(Html).Select(match => match.Value)); // a name, never fetched
    }

    [Fact]
    public void Gzip_IsTheSameFile()
    {
        using var gzip = new GZipStream(new MemoryStream(AdminPage.Gzip.ToArray()), CompressionMode.Decompress);
        using var reader = new StreamReader(gzip);

        Assert.Equal(Html, reader.ReadToEnd());
        Assert.InRange(AdminPage.Gzip.Length, 1, LargestSize / 3);
    }

    [Fact]
    public async Task Answer_AllowsNothingUnsafe_AndIsNotSentTwice()
    {
        await using AdminFixture fixture = await AdminFixture.StartAsync();
        using HttpResponseMessage first = await fixture.Client.GetAsync("/");
        string policy = first.Headers.GetValues("Content-Security-Policy").Single();

        Assert.DoesNotContain("unsafe", policy);
        Assert.Contains("script-src 'sha256-", policy);
        Assert.Equal(Html, await first.Content.ReadAsStringAsync());
        using var second = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { IfNoneMatch = { first.Headers.ETag! } } };
        using HttpResponseMessage answer = await fixture.Client.SendAsync(second);
        Assert.Equal(HttpStatusCode.NotModified, answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Answer_ToABrowser_IsCompressed()
    {
        await using AdminFixture fixture = await AdminFixture.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Add("Accept-Encoding", "gzip, deflate, br");
        using HttpResponseMessage answer = await fixture.Client.SendAsync(request);

        Assert.Equal(["gzip"], answer.Content.Headers.ContentEncoding);
        Assert.Equal(AdminPage.Gzip.ToArray(), await answer.Content.ReadAsByteArrayAsync());
    }

    // https://www.w3.org/TR/WCAG22/#contrast-minimum: 4.5 for text; https://www.w3.org/TR/WCAG22/#non-text-contrast: 3 for the rest.
    [Theory]
    [InlineData("ink", "paper", 4.5)]
    [InlineData("ink", "raised", 4.5)]
    [InlineData("ink", "hover", 4.5)]
    [InlineData("ink", "line", 4.5)]
    [InlineData("ink", "alarm-paper", 4.5)]
    [InlineData("soft", "paper", 4.5)]
    [InlineData("soft", "raised", 4.5)]
    [InlineData("soft", "hover", 4.5)]
    [InlineData("soft", "alarm-paper", 4.5)]
    [InlineData("alarm", "paper", 4.5)]
    [InlineData("alarm", "raised", 4.5)]
    [InlineData("alarm", "hover", 4.5)]
    [InlineData("alarm", "alarm-paper", 4.5)]
    [InlineData("paper", "accent", 4.5)]
    [InlineData("paper", "ink", 4.5)]
    [InlineData("accent", "raised", 3)]
    [InlineData("accent", "hover", 3)]
    [InlineData("accent", "alarm-paper", 3)]
    public void Contrast_InLightAndDark_IsEnough(string front, string back, double least)
    {
        MatchCollection themes = Theme().Matches(Html);
        Assert.Equal(2, themes.Count);
        foreach (Match theme in themes)
            Assert.True(Contrast(theme.Value, front, back) >= least, $"{Contrast(theme.Value, front, back):0.00} in {theme.Value}");
    }

    private static double Contrast(string theme, string front, string back)
    {
        double[] luminances = [Luminance(theme, front), Luminance(theme, back)];
        return (luminances.Max() + 0.05) / (luminances.Min() + 0.05);
    }

    // https://www.w3.org/TR/WCAG22/#dfn-relative-luminance
    private static double Luminance(string theme, string name)
    {
        string hex = Regex.Match(theme, $"--{name}: #([0-9a-f]{{6}});").Groups[1].Value;
        double[] parts = [.. Enumerable.Range(0, 3)
            .Select(index => int.Parse(hex.AsSpan(2 * index, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0)
            .Select(part => part <= 0.04045 ? part / 12.92 : Math.Pow((part + 0.055) / 1.055, 2.4))];
        return (0.2126 * parts[0]) + (0.7152 * parts[1]) + (0.0722 * parts[2]);
    }

    [GeneratedRegex(@"^(async )?function\*? \w+\(.*$", RegexOptions.Multiline)]
    private static partial Regex Function();

    [GeneratedRegex("""https?://[^"\s]+""")]
    private static partial Regex Address();

    [GeneratedRegex(@":root \{[^}]*--paper[^}]*\}")]
    private static partial Regex Theme();
}
