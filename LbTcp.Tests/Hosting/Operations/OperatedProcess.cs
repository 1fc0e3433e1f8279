using System.Net;
using System.Net.Sockets;
using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Diagnostics;
using LbTcp.Forwarding;
using LbTcp.Hosting;
using LbTcp.Hosting.Operations;
using LbTcp.Tests.Connections;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Hosting.Operations;

/// <summary>A process with real sockets, as the host runs it, that an operator sees and changes.</summary>
internal sealed class OperatedProcess : IAsyncDisposable
{
    private readonly ScriptedStream _stream = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly EventRecorder _events = new(TimeProvider.System);
    private readonly List<Socket> _clients = [];
    private readonly LogPipeline _logs;
    private readonly DiscoveryEnvironment _discovery;
    private readonly ITransport _transport;
    private RunningConfiguration? _running;
    private ReloadLoop? _reloads;
    private Task<bool>? _run;

    private OperatedProcess(string transport, HostOptions options)
    {
        Configuration = new ConfigurationResult(options, [], []);
        _logs = new LogPipeline(_stream, LogFormat.Text, options.LogLevel, TimeProvider.System, _events);
        _discovery = DiscoveryEnvironment.Create(
            options.Discovery, _logs.Loggers, new ServiceLoggers(_logs.Loggers, keepsEvents: true));
        _transport = Transports.Create(transport);
    }

    /// <summary>What a reload reads.</summary>
    public ConfigurationResult Configuration { get; set; }

    public IHostView View { get; private set; } = null!;

    public IHostControl Control { get; private set; } = null!;

    /// <summary>The log so far.</summary>
    public string Log => _stream.WaitFor(_ => true);

    public static async Task<OperatedProcess> StartAsync(string transport, params ServiceOptions[] services)
    {
        var process = new OperatedProcess(transport, RunningProcess.Options(services));
        await process.StartAsync(process.Configuration.Options!);
        return process;
    }

    /// <summary>Waits until the log has a text.</summary>
    public string WaitForLog(string text) => _stream.WaitFor(log => log.Contains(text, StringComparison.Ordinal));

    /// <summary>Connects to the first address of a service.</summary>
    public async Task<Socket> ConnectAsync(string service)
    {
        ServiceStatus status = View.ReadServices().Single(each => each.Name == service);
        Socket client = await RawSockets.ConnectAsync(IPEndPoint.Parse(status.Listen[0]));
        _clients.Add(client);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        _clients.ForEach(client => client.Dispose());
        await _stopping.CancelAsync();
        if (_run is not null)
            Assert.True(await _run.Done());
        _reloads?.Dispose();
        _running?.Dispose();
        await _discovery.DisposeAsync();
        _transport.Dispose();
        _logs.Dispose();
        _stopping.Dispose();
        await _stream.DisposeAsync();
    }

    private async Task StartAsync(HostOptions options)
    {
        Resolution[] services = await Resolution.ResolveAllAsync(options.Services, _discovery);
        var environment = new ServiceEnvironment(
            _transport,
            _discovery,
            new ProcessLimits(options),
            new ConnectionIds(),
            TimeProvider.System,
            _discovery.Loggers,
            IsOperated: true);
        _running = new RunningConfiguration(
            options, [.. services.Select(service => (service, ListenSockets.Open(service.Listen)))], environment, _logs);
        _running.ReportListening();
        _reloads = new ReloadLoop([], () => Configuration, _running, environment.Loggers, TimeProvider.System, _logs.Loggers);
        var operations = new HostOperations(_running, environment, _reloads, _logs, _events.Events);
        (View, Control) = (operations.View, operations.Control);
        Assert.Equal(ProcessState.Starting, View.ReadProcess().State);
        _run = Task.Run(
            () => _reloads.RunAsync(stopping => _running.RunAsync(stopping, _stopping.Token), _stopping.Token));
        await Until.TrueAsync(() => _running.IsRunning, "the services run");
    }
}
