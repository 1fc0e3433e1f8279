namespace LbTcp.Tests.EndToEnd.Harness;

/// <summary>
/// The conditions after every test: the process runs, all connections are released, there are as many threads and descriptors as at the
/// start, a stop has nothing to wait for, and no defect was logged.
/// </summary>
internal sealed class StandingAssertions
{
    // What the runtime starts and opens when it sees fit, and pipes that are kept for later.
    private const int RuntimeThreads = 24;
    private const int RuntimeDescriptors = 64;

    private readonly int _threads;
    private readonly int _otherDescriptors;

    /// <summary>Records the state of the process at its start.</summary>
    public StandingAssertions(LbTcpProcess process)
    {
        Process = process;
        _threads = process.Facts.Threads;
        _otherDescriptors = OtherDescriptors;
    }

    public LbTcpProcess Process { get; }

    private int OtherDescriptors => Process.Facts.Descriptors.Values.Count(target => !ProcessFacts.IsSocket(target));

    /// <summary>Asserts, and stops the process unless the test did. To be called when the test's peers have closed.</summary>
    /// <param name="serveFreshClient">Asserts that a fresh client is served; null when there is no backend left to serve it.</param>
    public async Task VerifyAsync(Func<LbTcpProcess, Task>? serveFreshClient)
    {
        if (!Process.HasExited)
        {
            await NoConnectionIsLeftAsync();
            if (serveFreshClient is not null)
                await serveFreshClient(Process);
            await NoConnectionIsLeftAsync();
            await Until.TrueAsync(
                () => Process.Facts.Threads <= _threads + RuntimeThreads,
                () => $"not many more threads than {_threads}, but there are {Process.Facts.Threads}");
            Assert.InRange(OtherDescriptors, 0, _otherDescriptors + RuntimeDescriptors);
            Process.Signal(Posix.SigTerm);
        }

        Assert.Equal(0, await Process.ExitCodeAsync());
        Assert.Equal("", await Process.ErrorAsync());
        Assert.DoesNotContain(Process.Lines, IsAboutADefect);
    }

    private static bool IsAboutADefect(string line) =>
        line.Contains("xception", StringComparison.Ordinal) || line.Contains("internal_error", StringComparison.Ordinal);

    private Task NoConnectionIsLeftAsync() =>
        Until.TrueAsync(() => Process.Facts.Connections == 0, () => $"no connection is left, but there are {Process.Facts.Connections}");
}
