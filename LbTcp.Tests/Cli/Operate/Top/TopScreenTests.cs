using System.Runtime.CompilerServices;
using LbTcp.Admin;
using LbTcp.Admin.Client;
using LbTcp.Cli.Operate.Top;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Cli.Operate.Top;

public sealed class TopScreenTests : IDisposable
{
    private const string Enter = "\u001b[?1049h\u001b[?25l";
    private const string Leave = "\u001b[?25h\u001b[?1049l";

    private readonly ScriptedTerminal _terminal = new();
    private readonly VerbScenario _scenario;
    private readonly CancellationTokenSource _interruption = new();

    public TopScreenTests() => _scenario = new VerbScenario(_terminal);

    public void Dispose()
    {
        _scenario.Dispose();
        _interruption.Dispose();
    }

    [Fact]
    public async Task RunAsync_Q_LeavesTheTerminalAsItWas()
    {
        _terminal.Press('q');
        await RunAsync(EndlessAsync);
        AssertIsRestored();
    }

    [Fact]
    public async Task RunAsync_Interrupted_LeavesTheTerminalAsItWas()
    {
        await _interruption.CancelAsync();
        await RunAsync(EndlessAsync);
        AssertIsRestored();
    }

    [Fact]
    public async Task RunAsync_InterruptedWhileItIsShown_LeavesTheTerminalAsItWas()
    {
        Task running = new TopScreen(_scenario.Environment).RunAsync(EndlessAsync, _interruption.Token);
        await DrawnAsync(running, "web/web1");
        await _interruption.CancelAsync();
        await running.Done();
        AssertIsRestored();
    }

    [Fact]
    public async Task RunAsync_ConnectionIsLost_LeavesTheTerminalAsItWasAndFails()
    {
        _ = await Assert.ThrowsAsync<AdminException>(() => RunAsync(LostAsync));
        AssertIsRestored();
    }

    [Fact]
    public async Task RunAsync_StateArrivesAndTerminalIsResized_IsDrawnAgain()
    {
        Task running = new TopScreen(_scenario.Environment).RunAsync(EndlessAsync, _interruption.Token);
        await DrawnAsync(running, "web/web1");
        _terminal.Size = (60, 10);
        await DrawnAsync(running, "\u001b[2J\u001b[H");
        _terminal.Press('q');
        await DrawnAsync(running, Leave);
        await running.Done();
    }

    private async Task DrawnAsync(Task running, string text) => await Until.TrueAsync(
        () =>
        {
            _scenario.Clock.Advance(TimeSpan.FromMilliseconds(50));
            return running.IsCompleted || _scenario.Output.Contains(text, StringComparison.Ordinal);
        },
        $"{text} is drawn");

    private async Task RunAsync(Func<CancellationToken, IAsyncEnumerable<StateReport>> follow)
    {
        Task running = new TopScreen(_scenario.Environment).RunAsync(follow, _interruption.Token);
        await DrawnAsync(running, Leave);
        await running;
    }

    private void AssertIsRestored()
    {
        Assert.StartsWith(Enter, _scenario.Output, StringComparison.Ordinal);
        Assert.EndsWith(Leave, _scenario.Output, StringComparison.Ordinal);
    }

    private static async IAsyncEnumerable<StateReport> EndlessAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return new StateReport(Samples.Now, Samples.Process, [Samples.Service], [Samples.Web1]);
        await Task.Delay(Timeout.Infinite, cancellationToken);
    }

    private static async IAsyncEnumerable<StateReport> LostAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return new StateReport(Samples.Now, Samples.Process, [Samples.Service], [Samples.Web1]);
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        throw new AdminException(AdminFailure.Lost, "The connection to lbtcp at unix:/a was lost.");
    }
}
