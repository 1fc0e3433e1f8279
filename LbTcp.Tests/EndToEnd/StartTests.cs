using LbTcp.Tests.EndToEnd.Harness;

namespace LbTcp.Tests.EndToEnd;

/// <summary>What the program says where the system does not grant it what it needs: one sentence, never a stack trace.</summary>
public sealed class StartTests
{
    private const int TimedOut = 124; // the exit code of timeout(1)
    private const string Program = "exec \"$0\" \"$@\"";

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
        ProgramRun run = await RunAsync($"{limit}; timeout 1 {Program[5..]}");
        if (run.ExitCode == TimedOut)
            Assert.Contains("stopped", run.Output, StringComparison.Ordinal); // by the signal of timeout(1)
        else
            AssertIsRefused(run, "ulimit -v");
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
        ProgramRun run = await RunAsync($"unshare -m sh -c 'mount -t tmpfs none /dev && exec timeout 1 \"$0\" \"$@\"' \"$0\" \"$@\"");
        Assert.Equal((TimedOut, ""), (run.ExitCode, run.Error));
        Assert.Contains("stopped", run.Output, StringComparison.Ordinal);
    }

    private static Task<ProgramRun> RunAsync(string shell) =>
        ProgramRun.OfAsync(LbTcpBinary.StartInfo(["--listen", "127.0.0.1:0", "--backends", "127.0.0.1:1"], shell));

    private static void AssertIsRefused(ProgramRun run, params string[] expectations)
    {
        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.StartsWith("lbtcp: ", run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
        Assert.All(expectations, text => Assert.Contains(text, run.Error, StringComparison.Ordinal));
    }
}
