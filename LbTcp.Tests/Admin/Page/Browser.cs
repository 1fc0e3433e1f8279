using LbTcp.Tests.EndToEnd.RealPrograms;
using Microsoft.Playwright;

namespace LbTcp.Tests.Admin.Page;

/// <summary>Chromium of the system, without a window; started when a test first opens a page.</summary>
public sealed class Browser : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>Opens a page in a context of its own.</summary>
    internal async Task<BrowserPage> OpenAsync(PageServer server, BrowserNewContextOptions? options = null)
    {
        IBrowser browser = await StartAsync();
        IBrowserContext context = await browser.NewContextAsync(options ?? new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = 1440, Height = 1000 },
        });
        context.SetDefaultTimeout((float)Until.Patience.TotalMilliseconds);
        IPage page = await context.NewPageAsync();
        var opened = new BrowserPage(page, server);
        await page.GotoAsync(server.Url);
        return opened;
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_browser is not null)
            await _browser.CloseAsync();
        _playwright?.Dispose();
    }

    private async Task<IBrowser> StartAsync()
    {
        RealProgram.Require("chromium");
        Assertions.SetDefaultExpectTimeout((float)Until.Patience.TotalMilliseconds);
        _playwright ??= await Playwright.CreateAsync();
        return _browser ??= await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = RealProgram.StartInfo("chromium").FileName,
            Args = ["--no-sandbox"], // its sandbox does not run as root
        });
    }
}

/// <summary>The tests of the page share one browser, and so run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class SharedBrowser : ICollectionFixture<Browser>
{
    internal const string Name = "page";
}
