using Microsoft.Playwright;

namespace LbTcp.Tests.Admin.Page;

/// <summary>An open page, and what went wrong in it.</summary>
internal sealed class BrowserPage : IAsyncDisposable
{
    private readonly List<string> _errors = [];
    private readonly List<string> _requests = [];

    public BrowserPage(IPage page, PageServer server)
    {
        Page = page;
        page.Console += (_, message) => Note(message.Type is "error" or "warning", _errors, message.Text);
        page.PageError += (_, error) => Note(true, _errors, error);
        page.Request += (_, request) => Note(IsForeign(request.Url, server), _requests, request.Url);
    }

    public IPage Page { get; }

    /// <summary>Errors and warnings of the console.</summary>
    public string Errors => All(_errors);

    /// <summary>Requests to other places.</summary>
    public string ForeignRequests => All(_requests);

    public ILocator Verdict => Page.Locator("#verdict");

    public ILocator Link => Page.Locator("#link");

    public ILocator Notices => Page.Locator(".notice");

    public ILocator Dialog => Page.Locator("#dialog");

    public ILocator Rows => Page.Locator("tbody tr");

    public ILocator Row(string backend) => Page.GetByRole(AriaRole.Row, new PageGetByRoleOptions { Name = backend, Exact = true });

    public ILocator Cell(string backend, string column) => Row(backend).Locator($".c-{column}");

    public ILocator MenuItem(string name) =>
        Page.GetByRole(AriaRole.Menuitem, new PageGetByRoleOptions { Name = name, Exact = true });

    public Task OpenMenuAsync(string backend) => Row(backend).Locator(".more").ClickAsync();

    public Task ConfirmAsync() => Dialog.Locator(".do").ClickAsync();

    /// <summary>Waits until the numbers, the plots and the checks on the screen are there.</summary>
    public Task WhenDrawnAsync() => Page.WaitForFunctionAsync(
        """
        () => {
          const isSeen = root => { const { top, bottom } = root.getBoundingClientRect(); return bottom > 0 && top < innerHeight; };
          const count = ticks => [...ticks.querySelectorAll('path')].flatMap(path => path.getAttribute('d')?.match(/M/g) ?? []).length;
          const ticks = [...document.querySelectorAll('.ticks')].filter(isSeen);
          const lines = [...document.querySelectorAll('.plot .s0')].filter(line => isSeen(line.closest('.plot')));
          return lines.length > 0 && ticks.every(each => count(each) === 30) && lines.every(line => line.getAttribute('d'));
        }
        """);

    public async ValueTask DisposeAsync() => await Page.Context.CloseAsync();

    private static bool IsForeign(string url, PageServer server) =>
        !url.StartsWith(server.Url, StringComparison.Ordinal) && !url.StartsWith("data:", StringComparison.Ordinal);

    private static string All(List<string> notes)
    {
        lock (notes)
            return string.Join('\n', notes);
    }

    private static void Note(bool isFound, List<string> notes, string text)
    {
        if (!isFound)
            return;
        lock (notes)
            notes.Add(text);
    }
}
