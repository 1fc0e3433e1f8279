using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using LbTcp.Admin.Page;
using LbTcp.Tests.Repository;

namespace LbTcp.Tests.Admin.Page;

public sealed partial class AdminPageTests
{
    private const int LargestSize = 60_000; // bytes

    private readonly AdminPage _page = new();

    private string Html => Encoding.UTF8.GetString(_page.Html.Span);

    [Fact]
    public void Html_IsOneSmallFileWithAllParts()
    {
        Assert.InRange(_page.Html.Length, 1, LargestSize);
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
        using var gzip = new GZipStream(new MemoryStream(_page.Gzip.ToArray()), CompressionMode.Decompress);
        using var reader = new StreamReader(gzip);

        Assert.Equal(Html, reader.ReadToEnd());
        Assert.InRange(_page.Gzip.Length, 1, LargestSize / 3);
    }

    [Fact]
    public void ContentSecurityPolicy_AllowsNothingUnsafe()
    {
        Assert.DoesNotContain("unsafe", _page.ContentSecurityPolicy);
        Assert.StartsWith("default-src 'none'; script-src 'sha256-", _page.ContentSecurityPolicy);
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
