using LbTcp.Tests.Repository;
using Microsoft.Playwright;

namespace LbTcp.Tests.Admin.Page;

/// <summary>Screenshots for a person to look at, in TestResults/page or in the folder that LBTCP_SCREENSHOTS names.</summary>
[Collection(SharedBrowser.Name)]
public sealed class PageScreenshotTests(Browser browser)
{
    private static readonly string _folder = Environment.GetEnvironmentVariable("LBTCP_SCREENSHOTS")
        ?? Path.Combine(RepositoryFiles.Root.FullName, "LbTcp.Tests", "TestResults", "page");

    [SkippableTheory]
    [InlineData("light", "calm", 1440, 1000, ColorScheme.Light)]
    [InlineData("dark", "calm", 1440, 1000, ColorScheme.Dark)]
    [InlineData("phone", "calm", 390, 844, ColorScheme.Light)]
    [InlineData("large", "large", 1440, 1000, ColorScheme.Light)]
    [InlineData("outage", "outage", 1440, 1000, ColorScheme.Light)]
    [InlineData("outage-dark", "outage", 1440, 1000, ColorScheme.Dark)]
    [InlineData("tablet", "outage", 1100, 900, ColorScheme.Light)]
    public async Task Screenshot_OfAFleet_IsWritten(string name, string fleet, int width, int height, ColorScheme scheme)
    {
        await using PageServer server = await PageServer.StartAsync(
            fleet switch { "large" => Fleets.Large(), "outage" => Fleets.Outage(), _ => Fleets.Calm() });
        await using BrowserPage page = await browser.OpenAsync(server, new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = scheme,
        });
        await page.WhenDrawnAsync();

        int wide = await page.Page.EvaluateAsync<int>("document.documentElement.scrollWidth");
        Assert.True(wide <= width, $"The page is {wide} pixels wide in a window of {width}.");
        await page.Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(_folder, $"{name}.png") });
    }
}
