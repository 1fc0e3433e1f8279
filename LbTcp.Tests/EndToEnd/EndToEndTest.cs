using System.Net;
using System.Net.Sockets;
using LbTcp.Tests.EndToEnd.Harness;

namespace LbTcp.Tests.EndToEnd;

/// <summary>
/// A test of the running program. After every test, whatever it did: the process lives, all connections are released, a fresh client is
/// served, threads and descriptors are as many as at the start, a stop finds nothing to wait for, and nothing was said about a defect.
/// </summary>
public abstract class EndToEndTest : IAsyncLifetime
{
    // What the runtime opens and starts when it sees fit.
    private const int RuntimeThreads = 24;
    private const int RuntimeDescriptors = 24;

    private readonly List<IDisposable> _owned = [];
    private readonly List<TestBackend> _backends = [];
    private readonly List<TestConnection> _clients = [];
    private readonly List<Subject> _subjects = [];

    /// <summary>Whether a backend is left at the end that serves clients.</summary>
    protected bool IsServingAtEnd { get; set; } = true;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (TestConnection client in _clients)
            client.Dispose();
        foreach (TestBackend backend in _backends)
            backend.CloseConnections(Behaviours.EchoAsync);
        try
        {
            foreach (Subject subject in _subjects)
                await VerifyAsync(subject);
        }
        finally
        {
            foreach (Subject subject in _subjects)
                subject.Process.Dispose();
            foreach (IDisposable owned in Enumerable.Reverse(_owned))
                owned.Dispose();
        }
    }

    /// <summary>Starts the program with timers as given, JSON logs, no health checks and a free port, where the flags do not say otherwise.</summary>
    private protected async Task<LbTcpProcess> StartAsync(IEnumerable<IPEndPoint> backends, params string[] flags) =>
        Adopt(await LbTcpProcess.StartAsync(Arguments([.. backends.Select(backend => backend.ToString())], flags)));

    /// <inheritdoc cref="StartAsync(IEnumerable{IPEndPoint}, string[])"/>
    private protected Task<LbTcpProcess> StartAsync(TestBackend backend, params string[] flags) => StartAsync([backend.EndPoint], flags);

    /// <summary>The command line that <see cref="StartAsync(IEnumerable{IPEndPoint}, string[])"/> uses.</summary>
    private protected static IReadOnlyCollection<string> Arguments(IReadOnlyCollection<string> backends, params string[] flags)
    {
        string[] defaults = ["--listen", "127.0.0.1:0", "--log-format", "json", "--check", "none"];
        IEnumerable<string> missing = defaults.Chunk(2).Where(pair => !flags.Contains(pair[0])).SelectMany(pair => pair);
        string[] list = backends.Count == 0 ? [] : ["--backends", .. backends];
        return [.. missing, .. flags, .. list];
    }

    /// <summary>Has a process that was started by other means checked and ended after the test.</summary>
    private protected LbTcpProcess Adopt(LbTcpProcess process)
    {
        _subjects.Add(new Subject(process, process.Facts.Threads, OtherDescriptors(process)));
        return process;
    }

    /// <summary>A backend that serves as given, or is played by the test.</summary>
    private protected TestBackend Backend(Func<TestConnection, Task>? behaviour = null, IPAddress? address = null, int? receiveBuffer = null)
    {
        TestBackend backend = Own(new TestBackend(behaviour, address, receiveBuffer));
        _backends.Add(backend);
        return backend;
    }

    /// <summary>A client.</summary>
    private protected async Task<TestConnection> ConnectAsync(LbTcpProcess process, int? receiveBuffer = null)
    {
        TestConnection client = await TestConnection.ConnectAsync(process.EndPoint, receiveBuffer);
        lock (_clients)
            _clients.Add(client);
        return client;
    }

    /// <summary>A client, and the connection that the backend gets for it.</summary>
    private protected async Task<(TestConnection Client, TestConnection Backend)> ConnectAsync(
        LbTcpProcess process, TestBackend backend, int? receiveBuffer = null)
    {
        TestConnection client = await ConnectAsync(process, receiveBuffer);
        return (client, await backend.AcceptAsync());
    }

    /// <summary>Serves one client from connect to end through a backend that echoes.</summary>
    private protected static async Task AssertIsEchoedAsync(LbTcpProcess process)
    {
        using TestConnection client = await TestConnection.ConnectAsync(process.EndPoint);
        await client.SendAsync("ping");
        client.FinishSending();
        Assert.Equal("ping", await client.ReceiveTextToEndAsync());
    }

    /// <summary>Connects a client that is turned away with a reset.</summary>
    private protected static async Task AssertIsResetAsync(LbTcpProcess process)
    {
        // The reset may be there before this client's system has reported the connection.
        SocketException reset = await Assert.ThrowsAsync<SocketException>(async () =>
        {
            using TestConnection client = await TestConnection.ConnectAsync(process.EndPoint);
            await client.ReceiveSomeAsync(new byte[1]);
        });
        Assert.Equal(SocketError.ConnectionReset, reset.SocketErrorCode);
    }

    /// <summary>Has something disposed of after the test.</summary>
    private protected T Own<T>(T disposable) where T : IDisposable
    {
        _owned.Add(disposable);
        return disposable;
    }

    private static int OtherDescriptors(LbTcpProcess process) => process.Facts.Descriptors.Values.Count(target => !ProcessFacts.IsSocket(target));

    private async Task VerifyAsync(Subject subject)
    {
        LbTcpProcess process = subject.Process;
        if (!process.HasExited)
        {
            await NoConnectionIsLeftAsync(process);
            if (IsServingAtEnd)
                await AssertIsEchoedAsync(process);
            await NoConnectionIsLeftAsync(process);
            await Eventually.Async(
                () => process.Facts.Threads <= subject.Threads + RuntimeThreads, () => $"{process.Facts.Threads} threads are not many more than {subject.Threads}");
            Assert.InRange(OtherDescriptors(process), 0, subject.OtherDescriptors + RuntimeDescriptors);
            process.Signal(Posix.SigTerm);
        }

        Assert.Equal(0, await process.ExitCodeAsync());
        Assert.Equal("", await process.ErrorAsync());
        Assert.DoesNotContain(process.Lines, line => line.Contains("xception", StringComparison.Ordinal) || line.Contains("internal_error", StringComparison.Ordinal));
    }

    private static Task NoConnectionIsLeftAsync(LbTcpProcess process) =>
        Eventually.Async(() => process.Facts.Connections == 0, () => $"no connection is left, but there are {process.Facts.Connections}");

    private sealed record Subject(LbTcpProcess Process, int Threads, int OtherDescriptors);
}
