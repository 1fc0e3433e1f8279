using LbTcp.Backends;
using LbTcp.Cli;
using LbTcp.Cli.Operate;
using LbTcp.Hosting.Operations;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Cli.Operate;

public sealed class IntentWatchTests
{
    private static readonly BackendDetail _before = Samples.Web3;

    [Fact]
    public async Task WaitAsync_LastConnectionEnds_TellsHowTheyEnded()
    {
        using var scenario = new VerbScenario(new ScriptedTerminal());
        BackendDetail drained = With(open: 0, completed: 11);
        Assert.Equal(ExitCode.Success, await WaitAsync(scenario, BackendIntent.Drain, _before, drained));
        Assert.Equal(
            "\rweb3: draining, 13 open, oldest 4h, longest idle 12m\u001b[K\rweb3: drained in 1s, 11 completed, 2 cut\u001b[K\n",
            scenario.Output);
    }

    [Fact]
    public async Task WaitAsync_NoTerminal_WritesALineEvery10Seconds()
    {
        using var scenario = new VerbScenario();
        BackendDetail[] answers = [.. Enumerable.Repeat(_before, 21), With(open: 0, completed: 13)];
        Assert.Equal(ExitCode.Success, await WaitAsync(scenario, BackendIntent.Drain, answers));
        Assert.Equal(3, scenario.Output.Split("draining").Length - 1);
        Assert.EndsWith("web3: drained in 21s, 13 completed, 0 cut\n", scenario.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WaitAsync_TimeIsUp_FailsAndTellsHowManyAreLeft()
    {
        using var scenario = new VerbScenario();
        BackendDetail[] answers = [.. Enumerable.Repeat(With(open: 5, completed: 8) with { Intent = BackendIntent.Maint }, 10)];
        Assert.Equal(ExitCode.Failure, await WaitAsync(scenario, BackendIntent.Maint, answers));
        Assert.EndsWith(
            "web3: 5 still open after 30s, longest idle 12m; the backend stays in maint\n",
            scenario.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(0)]
    public async Task WaitAsync_AnotherIntentIsSet_GivesUp(int open)
    {
        using var scenario = new VerbScenario();
        BackendDetail ready = With(open, completed: 8) with { Intent = BackendIntent.Ready };
        Assert.Equal(ExitCode.Failure, await WaitAsync(scenario, BackendIntent.Drain, _before, ready));
        Assert.EndsWith(
            $"web3: given up, someone else has set it to ready; {open} open\n", scenario.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WaitAsync_NarrowTerminal_CutsTheProgressButNotTheResult()
    {
        using var scenario = new VerbScenario(new ScriptedTerminal { Size = (30, 10) });
        BackendDetail[] answers = [.. Enumerable.Repeat(With(open: 5, completed: 8), 31)];
        Assert.Equal(ExitCode.Failure, await WaitAsync(scenario, BackendIntent.Drain, answers));
        Assert.StartsWith("\rweb3: draining, 5 open, oldes\u001b[K\r", scenario.Output, StringComparison.Ordinal);
        Assert.EndsWith(
            "\rweb3: 5 still open after 30s, longest idle 12m; the backend stays in drain\u001b[K\n",
            scenario.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WaitAsync_Ready_WaitsUntilItIsAvailable()
    {
        using var scenario = new VerbScenario();
        Assert.Equal(
            ExitCode.Success, await WaitAsync(scenario, BackendIntent.Ready, Samples.Web2, Samples.Web2 with { Available = true }));
        Assert.Equal(
            "web3: not available yet, 3 checks failed in a row: connection refused\nweb3: available after 1s\n", scenario.Output);
    }

    // Each question takes a second of the clock; the last answer stays.
    private static async Task<ExitCode> WaitAsync(VerbScenario scenario, BackendIntent intent, params BackendDetail[] answers)
    {
        int asked = 0;
        Task<ExitCode> waiting = new IntentWatch(scenario.Environment, _before, intent).WaitAsync(
            _ => Task.FromResult(answers[Math.Min(Interlocked.Increment(ref asked), answers.Length) - 1]),
            TimeSpan.FromSeconds(30), CancellationToken.None);
        while (!waiting.IsCompleted)
        {
            int before = Volatile.Read(ref asked);
            scenario.Clock.Advance(TimeSpan.FromSeconds(1));
            await Until.TrueAsync(() => waiting.IsCompleted || Volatile.Read(ref asked) > before, "the backend is asked for again");
        }

        return await waiting;
    }

    private static BackendDetail With(int open, long completed) => _before with
    {
        Traffic = _before.Traffic with { Open = open },
        Completed = _before.Completed + completed,
    };
}
