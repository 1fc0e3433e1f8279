using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using static Microsoft.Playwright.Assertions;

namespace LbTcp.Tests.Admin.Page;

/// <summary>The live link of the page, in Chromium.</summary>
[Collection(SharedBrowser.Name)]
public sealed partial class PageLinkTests(Browser browser)
{
    [SkippableFact]
    public async Task Restart_OfLbTcp_IsSurvivedWithoutAReload()
    {
        Fleet fleet = Fleets.Calm();
        fleet.Tell(TimeSpan.Zero, LogLevel.Information, "first life");
        await using PageServer server = await PageServer.StartAsync(fleet);
        await using BrowserPage page = await browser.OpenAsync(server);
        await Expect(page.Link).ToHaveTextAsync("live");
        await Expect(page.Page.Locator("#events li").First).ToContainTextAsync("first life");
        string open = await page.Cell("web2", "open").InnerTextAsync();

        await server.StopAsync();
        await Expect(page.Link).ToHaveTextAsync(Lost());
        await Expect(page.Page.Locator("body")).ToHaveClassAsync("lost");
        await Expect(page.Cell("web2", "open")).ToHaveTextAsync(open); // the numbers stay

        Fleet next = Fleets.Outage();
        next.StartedAt = DateTimeOffset.UtcNow;
        next.Tell(TimeSpan.Zero, LogLevel.Information, "second life");
        await server.StartAgainAsync(next);

        await Expect(page.Link).ToHaveTextAsync("live");
        await Expect(page.Page.Locator("body")).Not.ToHaveClassAsync("lost");
        await Expect(page.Cell("web2", "state")).ToContainTextAsync("unhealthy");
        await Expect(page.Page.Locator("#events li").First).ToContainTextAsync("second life");
        await Expect(page.Page.Locator("#events li")).ToHaveCountAsync((int)next.Events.LastId);
        await Expect(page.Page.Locator("#events")).Not.ToContainTextAsync("first life");
    }

    [SkippableFact]
    public async Task Token_ThatIsNeeded_IsAskedForUntilItIsRight()
    {
        await using PageServer server = await PageServer.StartAsync(Fleets.Calm(), token: "correct-horse");
        await using BrowserPage page = await browser.OpenAsync(server);
        await Expect(page.Dialog).ToContainTextAsync("This endpoint needs a token");

        await page.Dialog.Locator("input").FillAsync("wrong");
        await page.ConfirmAsync();
        await Expect(page.Dialog).ToContainTextAsync("The token was refused.");
        await page.Dialog.Locator("input").FillAsync("correct-horse");
        await page.ConfirmAsync();

        await Expect(page.Link).ToHaveTextAsync("live");
        await Expect(page.Rows).ToHaveCountAsync(14);
        await page.Page.ReloadAsync();
        await Expect(page.Link).ToHaveTextAsync("live"); // the tab remembers it
    }

    [GeneratedRegex("lost [0-9]+ s ago, retrying")]
    private static partial Regex Lost();
}
