using System.Net;
using System.Net.Sockets;
using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Diagnostics;
using LbTcp.Forwarding;
using LbTcp.Hosting;
using LbTcp.Tests.Connections;
using LbTcp.Tests.EndToEnd.Harness;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Hosting;

/// <summary>The services of a process with real sockets, as the host runs them, and clients of theirs.</summary>
internal sealed class RunningProcess : IAsyncDisposable
{
    private readonly ScriptedStream _stream;
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Socket> _clients = [];
    private readonly LogPipeline _logs;
    private readonly ITransport _transport;
    private readonly RunningConfiguration _running;
    private readonly Task<bool> _run;

    private readonly DiscoveryEnvironment _discovery;

    private RunningProcess(
        string transport,
        HostOptions options,
        LogPipeline logs,
        ScriptedStream stream,
        DiscoveryEnvironment discovery,
        Resolution[] services)
    {
        Limits = new ProcessLimits(options);
        _logs = logs;
        _stream = stream;
        _discovery = discovery;
        _transport = Transports.Create(transport);
        var environment = new ServiceEnvironment(
            _transport, discovery, Limits, new ConnectionIds(), TimeProvider.System, discovery.Loggers);
        _running = new RunningConfiguration(
            options, [.. services.Select(service => (service, ListenSockets.Open(service.Listen)))], environment, _logs);
        _running.ReportListening();
        _run = Task.Run(() => _running.RunAsync(_stopping.Token, _stopping.Token));
    }

    public ProcessLimits Limits { get; }

    /// <summary>A service without checks that listens on free ports of the given loopback addresses.</summary>
    public static ServiceOptions Service(string name, string[] listen, params IEnumerable<string> backends) => new()
    {
        Name = name,
        Listen = [.. listen.Select(address => new ListenAddress(address, 0))],
        Backends = Pools.Options(backends),
        HealthCheck = new HealthCheckOptions { Kind = CheckKind.None },
    };

    public static HostOptions Options(params ServiceOptions[] services) => new() { Services = services };

    public static async Task<RunningProcess> StartAsync(string transport, params ServiceOptions[] services)
    {
        HostOptions options = Options(services);
        var stream = new ScriptedStream();
        var logs = new LogPipeline(stream, LogFormat.Json, options.LogLevel, TimeProvider.System);
        var discovery = DiscoveryEnvironment.Create(options.Discovery, logs.Loggers, new ServiceLoggers(logs.Loggers));
        var process = new RunningProcess(
            transport, options, logs, stream, discovery, await Resolution.ResolveAllAsync(services, discovery));
        await Until.TrueAsync(() => process._running.IsRunning, "the services run");
        return process;
    }

    /// <summary>Applies a configuration, which must be accepted.</summary>
    public async Task<HostPlan> ApplyAsync(HostOptions next)
    {
        ApplyResult result = await TryApplyAsync(next);
        Assert.Empty(result.Refusals);
        return Assert.IsType<HostPlan>(result.Plan);
    }

    /// <inheritdoc cref="ApplyAsync(HostOptions)"/>
    public Task<HostPlan> ApplyAsync(params ServiceOptions[] services) => ApplyAsync(Options(services));

    public async Task<ApplyResult> TryApplyAsync(HostOptions next)
    {
        Task<ApplyResult> applying = _running.ApplyAsync(next, CancellationToken.None);
        await applying.Done();
        _running.EndReport();
        return await applying;
    }

    /// <summary>Applies a configuration, which must be refused, for one reason.</summary>
    public async Task<string> RefuseAsync(HostOptions next)
    {
        ApplyResult result = await TryApplyAsync(next);
        Assert.Null(result.Plan);
        return Assert.Single(result.Refusals);
    }

    /// <summary>The records with that event, when there are so many.</summary>
    public JsonLogRecord[] Records(int eventId, int count)
    {
        string text = _stream.WaitFor(text => Parse(text, eventId).Length >= count);
        return Parse(text, eventId);
    }

    /// <summary>The address of the port that was opened for a loopback address.</summary>
    public IPEndPoint AddressOf(string address)
    {
        string text = _stream.WaitFor(text => text.Contains($"\"listening on {address}:", StringComparison.Ordinal));
        return Parse(text, EventIds.Listening)
            .Select(record => IPEndPoint.Parse(record["address"]!))
            .First(endPoint => endPoint.Address.Equals(IPAddress.Parse(address)));
    }

    public async Task<Socket> ConnectAsync(string address)
    {
        Socket client = await RawSockets.ConnectAsync(AddressOf(address));
        _clients.Add(client);
        return client;
    }

    /// <summary>Sends a byte, which must come back.</summary>
    public static async Task AssertEchoesAsync(Socket client)
    {
        _ = await client.SendAsync("x"u8.ToArray());
        Assert.Equal("x"u8.ToArray(), await client.ReceiveExactlyAsync(1));
    }

    public async ValueTask DisposeAsync()
    {
        _clients.ForEach(client => client.Dispose());
        await _stopping.CancelAsync();
        Assert.True(await _run.Done());
        Assert.Equal(0, Limits.Slots.Used);
        _running.Dispose();
        await _discovery.DisposeAsync();
        _transport.Dispose();
        _logs.Dispose();
        _stopping.Dispose();
        await _stream.DisposeAsync();
    }

    private static JsonLogRecord[] Parse(string text, int eventId) =>
    [
        .. text.Split('\n').SkipLast(1).Select(line => new JsonLogRecord(line)).Where(record => record.Event == eventId),
    ];
}
