using LbTcp.Hosting.Operations;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LbTcp.Tests.Admin.Page;

/// <summary>What the page shows, in Chromium.</summary>
[Collection(SharedBrowser.Name)]
public sealed class PageTests(Browser browser)
{
    [SkippableFact]
    public async Task Load_OfAFleet_HasNoErrorsAndRequestsNothingFromElsewhere()
    {
        await using PageServer server = await PageServer.StartAsync(Fleets.Calm());
        await using BrowserPage page = await browser.OpenAsync(server);
        await page.WhenDrawnAsync();

        await Expect(page.Link).ToHaveTextAsync("live");
        await Expect(page.Verdict).ToHaveTextAsync("12 of 14 backends available, 2 taken out by an operator.");
        await Expect(page.Rows).ToHaveCountAsync(14);
        Assert.Equal("", page.Errors);
        Assert.Equal("", page.ForeignRequests);
    }

    [SkippableTheory]
    [InlineData(390)]
    [InlineData(1024)]
    public async Task Event_WithLongNames_WrapsWithinTheWindow(int width)
    {
        Fleet fleet = Fleets.Calm();
        fleet.Tell(
            TimeSpan.Zero, LogLevel.Warning, "backend is unhealthy, was healthy", new string('s', 64), new string('b', 64),
            ("reason", "connection refused"), ("failures", "3"));
        await using PageServer server = await PageServer.StartAsync(fleet);
        await using BrowserPage page = await browser.OpenAsync(
            server, new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = width, Height = 800 } });
        ILocator item = page.Page.Locator("#events li").First;
        await Expect(item).ToContainTextAsync("was healthy");

        LocatorBoundingBoxResult box = Assert.IsType<LocatorBoundingBoxResult>(await item.BoundingBoxAsync());

        Assert.InRange(box.Height, 10, 120);
        Assert.True(await page.Page.EvaluateAsync<int>("document.documentElement.scrollWidth") <= width);
    }

    [SkippableFact]
    public async Task State_OfAKilledBackend_ShowsWithWordReasonAndAlarm()
    {
        Fleet fleet = Fleets.Calm();
        await using PageServer server = await PageServer.StartAsync(fleet);
        await using BrowserPage page = await browser.OpenAsync(server);
        await Expect(page.Cell("web2", "state")).ToContainTextAsync("healthy");

        fleet["web2"].Fail(DateTimeOffset.UtcNow, "connection refused", TimeSpan.FromMilliseconds(0.3));

        await Expect(page.Cell("web2", "state")).ToContainTextAsync("unhealthy");
        await Expect(page.Cell("web2", "state")).ToContainTextAsync("3 checks failed in a row: connection refused");
        await Expect(page.Row("web2")).ToHaveAttributeAsync("data-state", "bad");
        await Expect(page.Verdict).ToHaveTextAsync("web2 of web is unhealthy: 3 checks failed in a row: connection refused.");
        await Expect(page.Page).ToHaveTitleAsync("▲ 1 · LbTcp");
        await Expect(page.Row("web2").Locator(".ticks")).ToHaveAccessibleNameAsync(
            "last 30 checks, 3 failed; latest: connection refused after 0.3 ms");
    }

    [SkippableFact]
    public async Task Cells_OfABackend_HaveTheNumbersOfTheApi()
    {
        Fleet fleet = Fleets.Calm();
        FleetMember member = fleet["web1"];
        (member.Open, member.Rate, member.Failures) = (23, 12.34, 0.25);
        fleet["web4"].Open = 0;
        await using PageServer server = await PageServer.StartAsync(fleet);
        await using BrowserPage page = await browser.OpenAsync(server);

        BackendStatus status = fleet.ReadBackend("web", "web1")!;
        await Expect(page.Cell("web1", "weight")).ToHaveTextAsync($"{status.EffectiveWeight}");
        await Expect(page.Cell("web1", "open")).ToHaveTextAsync($"{status.Traffic.Open}");
        await Expect(page.Cell("web1", "rate")).ToHaveTextAsync("12/s");
        await Expect(page.Cell("web1", "fail")).ToHaveTextAsync("0.3/s");
        await Expect(page.Cell("web1", "in")).ToHaveTextAsync("32KB/s"); // 12.34 * 2600
        await Expect(page.Cell("web1", "out")).ToHaveTextAsync("1.0MB/s"); // 12.34 * 81,000
        await Expect(page.Cell("web1", "p50")).ToHaveTextAsync("0.4ms");
        await Expect(page.Cell("web1", "p99")).ToHaveTextAsync("1.5ms");
        await Expect(page.Cell("web3", "weight")).ToHaveTextAsync("5set");
        await Expect(page.Cell("api2", "weight")).ToHaveTextAsync("0.6of 1");
        await Expect(page.Cell("web4", "open")).ToHaveTextAsync("0");
        await Expect(page.Page.Locator(".tile").Nth(1).Locator(".figure")).ToHaveTextAsync($"{fleet.ReadProcess().Open}of 32\u2009000");
    }

    [SkippableFact]
    public async Task Cells_OffTheScreen_HaveTheNumbersWhenTheyComeIntoView()
    {
        Fleet fleet = Fleets.Large();
        await using PageServer server = await PageServer.StartAsync(fleet);
        await using BrowserPage page = await browser.OpenAsync(server);
        await Expect(page.Rows).ToHaveCountAsync(200);
        fleet["redis20"].Open = 77;

        await page.Row("redis20").ScrollIntoViewIfNeededAsync();

        await Expect(page.Cell("redis20", "open")).ToHaveTextAsync("77");
        await page.WhenDrawnAsync(); // its checks were read, too
    }

    [SkippableFact]
    public async Task Texts_FromOutside_AreNeverMarkup()
    {
        const string hostile = "<img src=x onerror=document.title='owned'>";
        Fleet fleet = Fleets.Calm();
        fleet.AddService(hostile, "<script>", "<b>*:1</b>");
        fleet.Add(new FleetMember(hostile, $"{hostile}/?#%2e", "<i>", 1)).Fail(DateTimeOffset.UtcNow, hostile, TimeSpan.Zero);
        fleet.Tell(TimeSpan.Zero, LogLevel.Warning, hostile, hostile, hostile, (hostile, hostile));
        await using PageServer server = await PageServer.StartAsync(fleet);
        await using BrowserPage page = await browser.OpenAsync(server);

        ILocator row = page.Rows.Last;
        await Expect(row).ToContainTextAsync($"{hostile}/?#%2e");
        await Expect(page.Page.Locator("#events")).ToContainTextAsync($"{hostile}={hostile}");
        await Expect(page.Page.Locator("main img, main script, main i, dialog img")).ToHaveCountAsync(0);
        await row.Locator(".more").ClickAsync();
        await page.MenuItem("Explain…").ClickAsync();
        await Expect(page.Dialog).ToContainTextAsync($"{hostile}/?#%2e of {hostile}");
        await Expect(page.Page.Locator("main img, main script, main i, dialog img")).ToHaveCountAsync(0);
        Assert.Equal("", page.Errors);
    }

    [SkippableFact]
    public async Task Events_WhenOneHappens_AreNewestFirstByMinute()
    {
        Fleet fleet = Fleets.Calm();
        await using PageServer server = await PageServer.StartAsync(fleet);
        await using BrowserPage page = await browser.OpenAsync(server);
        ILocator first = page.Page.Locator("#events li").First;
        await Expect(first).ToContainTextAsync("reload done");

        fleet.Tell(TimeSpan.Zero, LogLevel.Warning, "backend is unhealthy", "web", "web2", ("error", "refused"));

        await Expect(first).ToContainTextAsync("backend is unhealthy");
        await Expect(first).ToContainTextAsync("error=refused");
        await Expect(page.Page.Locator("#events .minute").First.Locator("li")).ToHaveCountAsync(1);
    }

    [SkippableFact]
    public async Task Order_WhenSorted_DoesNotChangeUnderThePointer()
    {
        Fleet fleet = Fleets.Calm();
        for (int number = 1; number <= 6; number++)
            fleet[$"web{number}"].Open = number;
        await using PageServer server = await PageServer.StartAsync(fleet);
        await using BrowserPage page = await browser.OpenAsync(server);
        ILocator names = page.Page.Locator(".service").First.Locator("td.name");
        await page.Page.Locator(".service").First.Locator("th.c-open button").ClickAsync();
        await Expect(names.First).ToContainTextAsync("web6");

        await page.Row("web3").HoverAsync();
        fleet["web1"].Open = 60;
        await Expect(page.Cell("web1", "open")).ToHaveTextAsync("60");
        await Expect(names.First).ToContainTextAsync("web6");

        await page.Verdict.HoverAsync();
        await Expect(names.First).ToContainTextAsync("web1");
    }
}
