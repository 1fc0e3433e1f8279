using LbTcp.Hosting.Operations;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LbTcp.Tests.Admin.Page;

/// <summary>What an operator does with the page, in Chromium.</summary>
[Collection(SharedBrowser.Name)]
public sealed class PageActionTests(Browser browser)
{
    [SkippableFact]
    public async Task Drain_ByButton_StatesTheConsequenceAndReachesTheHost()
    {
        Fleet fleet = Fleets.Calm();
        fleet["web2"].Open = 13;
        await using PageServer server = await PageServer.StartAsync(fleet);
        await using BrowserPage page = await browser.OpenAsync(server);

        await page.OpenMenuAsync("web2");
        await page.MenuItem("Drain…").ClickAsync();
        await Expect(page.Dialog).ToContainTextAsync("13 open connections stay until they end.");
        Assert.Empty(fleet.Changes);
        await page.ConfirmAsync();

        await Expect(page.Notices).ToContainTextAsync("web2: Drain, 13 open.");
        Assert.Equal(["intent web web2 Drain"], fleet.Changes);
        await Expect(page.Cell("web2", "state")).ToContainTextAsync("healthy, drain");
    }

    [SkippableFact]
    public async Task Drain_OfTheLastAvailableBackend_WarnsFirst()
    {
        Fleet fleet = Fleets.Outage();
        fleet["web2"].Set(LbTcp.Backends.BackendIntent.Ready, DateTimeOffset.UtcNow);
        fleet.AddService("one", "roundrobin", "*:1");
        fleet.Add(new FleetMember("one", "only", "10.0.0.1:1", 7));
        await using PageServer server = await PageServer.StartAsync(fleet);
        await using BrowserPage page = await browser.OpenAsync(server);

        await page.OpenMenuAsync("only");
        await page.MenuItem("Maintenance…").ClickAsync();

        await Expect(page.Dialog.Locator(".warning")).ToHaveTextAsync(
            "It is the last available backend of one: new connections will find none.");
    }

    [SkippableFact]
    public async Task Change_ThatIsRefused_ShowsTheSentenceOfTheAnswer()
    {
        Fleet fleet = Fleets.Calm();
        fleet.Answer = new ChangeResult(ChangeStatus.Refused, "web1 may not be drained now.");
        await using PageServer server = await PageServer.StartAsync(fleet);
        await using BrowserPage page = await browser.OpenAsync(server);

        await page.OpenMenuAsync("web1");
        await page.MenuItem("Drain…").ClickAsync();
        await page.ConfirmAsync();

        await Expect(page.Notices).ToContainTextAsync("web1 may not be drained now.");
        await Expect(page.Notices).ToHaveAttributeAsync("data-alarm", "");
    }

    [SkippableTheory]
    [InlineData("7", "weight web web4 7")]
    [InlineData("1", "weight web web4 null")] // the configured one
    public async Task Weight_IsSet_OrReturnsToTheConfiguredOne(string typed, string change)
    {
        Fleet fleet = Fleets.Calm();
        await using PageServer server = await PageServer.StartAsync(fleet);
        await using BrowserPage page = await browser.OpenAsync(server);

        await page.OpenMenuAsync("web4");
        await page.MenuItem("Weight…").ClickAsync();
        await page.Dialog.Locator("input").FillAsync(typed);
        await Expect(page.Dialog).ToContainTextAsync("of new connections, where weights decide.");
        await page.ConfirmAsync();

        await Expect(page.Notices).ToHaveCountAsync(1);
        Assert.Equal([change], fleet.Changes);
    }

    [SkippableFact]
    public async Task Keyboard_Alone_FiltersAndDrains()
    {
        Fleet fleet = Fleets.Calm();
        await using PageServer server = await PageServer.StartAsync(fleet);
        await using BrowserPage page = await browser.OpenAsync(server);
        await Expect(page.Rows).ToHaveCountAsync(14);
        IKeyboard keyboard = page.Page.Keyboard;

        await keyboard.PressAsync("/");
        await keyboard.TypeAsync("api HEALTHY");
        await Expect(page.Page.Locator("tbody tr:not([hidden])")).ToHaveCountAsync(4); // without api4 in maint
        for (int count = 0; count < 40 && !await IsOnRow(page); count++)
            await keyboard.PressAsync("Tab");
        await Expect(page.Row("api1")).ToBeFocusedAsync();
        await keyboard.PressAsync("ArrowDown");
        await keyboard.PressAsync("ArrowDown");
        await Expect(page.Row("api3")).ToBeFocusedAsync();

        await keyboard.PressAsync("Enter");
        await Expect(page.MenuItem("Explain…")).ToBeFocusedAsync();
        await keyboard.PressAsync("Escape");
        await Expect(page.Row("api3")).ToBeFocusedAsync();

        await keyboard.PressAsync("Enter");
        await keyboard.PressAsync("ArrowDown");
        await keyboard.PressAsync("ArrowDown");
        await Expect(page.MenuItem("Drain…")).ToBeFocusedAsync();
        await keyboard.PressAsync("Enter");
        await Expect(page.Dialog.Locator(".do")).ToBeFocusedAsync();
        await keyboard.PressAsync("Escape");
        await Expect(page.Dialog).ToBeHiddenAsync();
        await Expect(page.Row("api3")).ToBeFocusedAsync();
        Assert.Empty(fleet.Changes);

        await keyboard.PressAsync("Enter");
        await keyboard.PressAsync("ArrowDown");
        await keyboard.PressAsync("ArrowDown");
        await keyboard.PressAsync("Enter");
        await keyboard.PressAsync("Enter");
        await Expect(page.Notices).ToHaveCountAsync(1);
        Assert.Equal(["intent api api3 Drain"], fleet.Changes);
    }

    private static Task<bool> IsOnRow(BrowserPage page) => page.Page.EvaluateAsync<bool>("document.activeElement.matches('tbody tr')");
}
