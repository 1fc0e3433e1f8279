using LbTcp.Tests.EndToEnd.Harness;

namespace LbTcp.Tests.EndToEnd;

/// <summary>What the program says where the system does not grant it what it needs: one sentence, never a stack trace.</summary>
public sealed class StartTests
{
    private const string Program = "exec \"$0\" \"$@\"";
    private static readonly string[] _arguments = ["--listen", "127.0.0.1:0", "--backends", "127.0.0.1:1"];

    [SkippableTheory]
    [InlineData("ulimit -n 8")]
    [InlineData("ulimit -n 10")]
    [InlineData("ulimit -n 12")]
    [InlineData("ulimit -n 15")]
    public async Task DescriptorLimit_IsTooLow_IsRefusedWithTheWayOut(string limit)
    {
        Skip.IfNot(LbTcpBinary.IsNative, "skipped: not a native binary"); // the .NET runtime needs more to start
        AssertIsRefused(await RunAsync($"{limit}; {Program}"), "descriptors", "ulimit -n");
    }

    [SkippableTheory]
    [InlineData("ulimit -v 300000")]
    [InlineData("ulimit -v 600000")]
    public async Task AddressSpace_IsTooSmall_IsRefusedOrEnough(string limit)
    {
        Skip.IfNot(LbTcpBinary.IsNative, "skipped: not a native binary");
        // At the edge one start succeeds and the next one does not: what is judged is the one that was refused.
        if (await StartsAndStopsAsync($"{limit}; {Program}") is { } refusal)
            Assert.Matches(@"^lbtcp ended with 1 at start: lbtcp: [^\n]*ulimit -v[^\n]*\n?$", refusal);
    }

    [SkippableTheory]
    [InlineData(5)]
    [InlineData(8)]
    [InlineData(12)]
    public async Task Threads_AreTooFew_IsRefusedWithTheWayOut(int processes)
    {
        Skip.IfNot(LbTcpBinary.IsNative, "skipped: not a native binary");
        Skip.IfNot(Environment.IsPrivilegedProcess, "skipped: not root");

        // A user id without processes of its own, to which the limit applies; root is exempt.
        string user = "setpriv --reuid=49731 --regid=49731 --clear-groups --inh-caps=-all";
        AssertIsRefused(await RunAsync($"exec {user} prlimit --nproc={processes} \"$0\" \"$@\""), "threads", "ulimit -u");
    }

    [SkippableFact]
    public async Task NullDevice_IsMissing_IsNotNeeded()
    {
        Skip.IfNot(Environment.IsPrivilegedProcess, "skipped: not root");
        Assert.Null(await StartsAndStopsAsync($"exec unshare -m sh -c 'mount -t tmpfs none /dev && {Program}' \"$0\" \"$@\""));
    }

    private static Task<ProgramRun> RunAsync(string shell) => ProgramRun.OfAsync(LbTcpBinary.StartInfo(_arguments, shell));

    /// <summary>Stops it when it listens.</summary>
    /// <returns>Null if it came to listen, otherwise how it ended.</returns>
    private static async Task<string?> StartsAndStopsAsync(string shell)
    {
        LbTcpProcess lbtcp;
        try
        {
            lbtcp = await LbTcpProcess.StartAsync(_arguments, shell);
        }
        catch (InvalidOperationException ended)
        {
            return ended.Message;
        }

        using LbTcpProcess started = lbtcp;
        started.Signal(Posix.SigTerm);
        Assert.Equal(0, await started.ExitCodeAsync());
        Assert.Equal("", await started.ErrorAsync());
        Assert.Contains("stopped", started.Lines[^1], StringComparison.Ordinal);
        return null;
    }

    private static void AssertIsRefused(ProgramRun run, params string[] expectations)
    {
        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.StartsWith("lbtcp: ", run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
        Assert.All(expectations, text => Assert.Contains(text, run.Error, StringComparison.Ordinal));
    }
}
