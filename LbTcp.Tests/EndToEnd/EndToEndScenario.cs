using System.Net;
using LbTcp.Tests.EndToEnd.Harness;

namespace LbTcp.Tests.EndToEnd;

/// <summary>The base of the tests that start the program; each of them ends with the <see cref="StandingAssertions"/>.</summary>
public abstract class EndToEndScenario : IAsyncLifetime
{
    private readonly List<IDisposable> _owned = [];
    private readonly List<TestBackend> _backends = [];
    private readonly List<TestConnection> _clients = [];
    private readonly List<StandingAssertions> _started = [];

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
            foreach (StandingAssertions started in _started)
                await started.VerifyAsync(IsServingAtEnd ? AssertIsEchoedAsync : null);
        }
        finally
        {
            foreach (StandingAssertions started in _started)
                started.Process.Dispose();
            foreach (IDisposable owned in Enumerable.Reverse(_owned))
                owned.Dispose();
        }
    }

    /// <summary>Starts the program with a free port, JSON logs and no health checks, where the flags do not say otherwise.</summary>
    private protected async Task<LbTcpProcess> StartAsync(IEnumerable<IPEndPoint> backends, params string[] flags) =>
        Verify(await LbTcpProcess.StartAsync(Arguments(backends, flags)));

    /// <summary>Starts the program with a configuration file.</summary>
    private protected async Task<LbTcpProcess> StartConfiguredAsync(string file) =>
        Verify(await LbTcpProcess.StartAsync(["--config", file]));

    /// <inheritdoc cref="StartAsync(IEnumerable{IPEndPoint}, string[])"/>
    private protected Task<LbTcpProcess> StartAsync(TestBackend backend, params string[] flags) => StartAsync([backend.EndPoint], flags);

    /// <summary>Starts the program with a backend as an operator writes it, whose scheme chooses the check.</summary>
    private protected Task<LbTcpProcess> StartHttpAsync(HttpBackend backend, params string[] flags)
    {
        string[] checks = ["--check", "auto", "--check-interval", "80ms", "--rise", "2", "--fall", "2"];
        return StartAsync([], [.. checks, .. flags, "--backends", $"http://{backend.EndPoint}"]);
    }

    /// <summary>Starts the program with the most descriptors that it may have.</summary>
    private protected async Task<LbTcpProcess> StartWithDescriptorsAsync(int limit, TestBackend backend, params string[] flags) =>
        Verify(await LbTcpProcess.StartAsync(Arguments([backend.EndPoint], flags), $"ulimit -n {limit}; exec \"$0\" \"$@\""));

    /// <summary>Starts the program in a network of the test's own.</summary>
    private protected Task<LbTcpProcess> StartInAsync(NetworkNamespace network, IPEndPoint backend, params string[] flags) =>
        StartInAsync(network, [backend], flags);

    /// <inheritdoc cref="StartInAsync(NetworkNamespace, IPEndPoint, string[])"/>
    private protected async Task<LbTcpProcess> StartInAsync(
        NetworkNamespace network, IEnumerable<IPEndPoint> backends, params string[] flags) =>
        Verify(await LbTcpProcess.StartAsync(Arguments(backends, flags), network.Shell));

    /// <summary>Starts the program by a shell script.</summary>
    /// <param name="shell">See <see cref="LbTcpBinary.StartInfo"/>.</param>
    /// <param name="arguments">All of its arguments.</param>
    private protected async Task<LbTcpProcess> StartByShellAsync(string shell, params string[] arguments) =>
        Verify(await LbTcpProcess.StartAsync(arguments, shell));

    /// <summary>Starts the program without a reader of its log.</summary>
    /// <param name="redirection">What a shell does with its standard output first; empty for a pipe.</param>
    /// <param name="backend">The backend.</param>
    /// <param name="flags">More flags.</param>
    private protected async Task<LbTcpProcess> StartUnreadAsync(string redirection, TestBackend backend, params string[] flags) =>
        Verify(await LbTcpProcess.StartAsync(Arguments([backend.EndPoint], flags), $"exec \"$0\" \"$@\" {redirection}", isReading: false));

    /// <summary>The command line of all starts.</summary>
    private protected static IReadOnlyCollection<string> Arguments(IEnumerable<IPEndPoint> backends, params string[] flags)
    {
        string[] defaults = ["--listen", "127.0.0.1:0", "--log-format", "json", "--check", "none"];
        IEnumerable<string> missing = defaults.Chunk(2).Where(pair => !flags.Contains(pair[0])).SelectMany(pair => pair);
        string[] list = [.. backends.Select(backend => backend.ToString())];
        return [.. missing, .. flags, .. list.Length == 0 ? list : ["--backends", .. list]];
    }

    /// <summary>A backend that serves as given, or is played by the test.</summary>
    private protected TestBackend Backend(
        Func<TestConnection, Task>? behaviour = null, IPAddress? address = null, int? receiveBuffer = null, int port = 0)
    {
        TestBackend backend = Own(new TestBackend(behaviour, address, receiveBuffer, port));
        _backends.Add(backend);
        return backend;
    }

    /// <summary>A client.</summary>
    private protected Task<TestConnection> ConnectAsync(LbTcpProcess process, int? receiveBuffer = null) =>
        ConnectAsync(process.EndPoint, receiveBuffer);

    /// <summary>A client with an address of its own.</summary>
    private protected Task<TestConnection> ConnectAsync(LbTcpProcess process, IPAddress from) =>
        ConnectAsync(process.EndPoint, from: from);

    /// <summary>A client of one of several addresses.</summary>
    private protected async Task<TestConnection> ConnectAsync(IPEndPoint address, int? receiveBuffer = null, IPAddress? from = null)
    {
        TestConnection client = await TestConnection.ConnectAsync(address, receiveBuffer, from);
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

    /// <summary>Many clients, one after the other.</summary>
    private protected async Task<TestConnection[]> ConnectManyAsync(LbTcpProcess lbtcp, int count)
    {
        var clients = new TestConnection[count];
        for (int i = 0; i < count; i++)
            clients[i] = await ConnectAsync(lbtcp);
        return clients;
    }

    /// <summary>Serves one client from connect to end through a backend that echoes.</summary>
    private protected static async Task AssertIsEchoedAsync(LbTcpProcess process)
    {
        using TestConnection client = await TestConnection.ConnectAsync(process.EndPoint);
        await client.SendAsync("ping");
        client.FinishSending();
        Assert.Equal("ping", await client.ReceiveTextToEndAsync());
    }

    /// <summary>Serves one client from connect to end by a backend that <see cref="Behaviours.Banner">sends first</see>.</summary>
    /// <returns>The text of the backend.</returns>
    private protected static async Task<string> BannerAsync(IPEndPoint address)
    {
        using TestConnection client = await TestConnection.ConnectAsync(address);
        client.FinishSending();
        return await client.ReceiveTextToEndAsync();
    }

    /// <summary>Connects a client that is turned away with a reset.</summary>
    private protected static async Task AssertIsResetAsync(LbTcpProcess process)
    {
        using TestConnection client = await TestConnection.ConnectAsync(process.EndPoint);
        Assert.Equal(0, await client.ReceiveToResetAsync());
    }

    /// <summary>Has something disposed of after the test.</summary>
    private protected T Own<T>(T disposable) where T : IDisposable
    {
        _owned.Add(disposable);
        return disposable;
    }

    private LbTcpProcess Verify(LbTcpProcess process)
    {
        _started.Add(new StandingAssertions(process));
        return process;
    }
}
