using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Connections.Sockets;
using LbTcp.Diagnostics;
using LbTcp.Discovery;
using LbTcp.Forwarding;
using LbTcp.Hosting.Operations;
using Microsoft.Extensions.Logging;

namespace LbTcp.Hosting;

/// <summary>The running process: its logs, signals and descriptor limit, and one transport for all of its services.</summary>
internal sealed class Host : IDisposable
{
    private readonly HostOptions _options;
    private readonly ProcessLimits _limits;
    private readonly IReadOnlyList<string> _warnings;
    private readonly IReadOnlyList<string> _files;
    private readonly Func<ConfigurationResult>? _read;
    private readonly LogFileStream? _logFile;
    private readonly LogPipeline _logs;
    private readonly StartLog _log;
    private readonly UnobservedFaults _faults;
    private readonly HostSignals _signals;
    private readonly IHostCompanion? _companion;
    private readonly EventRecorder? _events;

    /// <summary>Sets up logs and signals; must be constructed before the first socket is opened.</summary>
    /// <param name="configuration">A valid configuration.</param>
    /// <param name="read">Reads the configuration again; null if it cannot change.</param>
    /// <param name="companion">
    /// Creates, with the loggers of the process, what shows and changes it for operators; null if there is none, and nothing is kept for
    /// them.
    /// </param>
    /// <exception cref="StartException">The system grants less than the process needs.</exception>
    public Host(
        ConfigurationResult configuration,
        Func<ConfigurationResult>? read,
        Func<ILoggerFactory, IHostCompanion>? companion = null)
    {
        HostOptions options = configuration.Options ?? throw new ArgumentException("The configuration is invalid.", nameof(configuration));
        _warnings = [.. StartWarnings.Of(configuration)];
        _files = configuration.Files;
        _read = read;
        StartRequirements.Verify(options);
        InlineCompletions.Enable();
        _options = options;
        _limits = new ProcessLimits(options);
        _events = companion is null ? null : new EventRecorder(TimeProvider.System);
        _logFile = StartRequirements.OpenLogFile(options.LogFile);
        _logs = _logFile is null
            ? LogPipeline.ToStandardOutput(options.LogFormat, options.LogLevel, TimeProvider.System, _events)
            : new LogPipeline(_logFile, options.LogFormat, options.LogLevel, TimeProvider.System, _events);
        _companion = companion?.Invoke(_logs.Loggers);
        _log = new StartLog(_logs.Loggers.CreateLogger<Host>());
        _faults = new UnobservedFaults(_logs.Loggers.CreateLogger<UnobservedFaults>());
        _signals = new HostSignals();
        _signals.ReopenRequested += () => _logFile?.Reopen(_logs.Loggers.CreateLogger<LogFileStream>());
    }

    /// <summary>Fires when the operator requests a stop.</summary>
    public CancellationToken Stopping => _signals.Stopping;

    /// <summary>Runs all services until a signal stops the process.</summary>
    /// <returns>Whether the process stopped on request; false if a service failed, which is logged.</returns>
    /// <exception cref="StartException">The process cannot start.</exception>
    public async Task<bool> ServeAsync()
    {
        await using var discovery = DiscoveryEnvironment.Create(
            _options.Discovery, _logs.Loggers, new ServiceLoggers(_logs.Loggers, keepsEvents: _events is not null));
        if (await ResolveAsync(discovery) is not { } resolutions)
        {
            _log.Stopped();
            return true; // stopped before it began to serve
        }

        _log.Warnings(_warnings);
        _log.Warnings(_limits.Connections, resolutions);
        List<ListenSockets> sockets = [];
        try
        {
            OpenAll(resolutions, sockets);
            discovery.Own.Replace(sockets.SelectMany(opened => opened.All).Select(socket => socket.LocalEndPoint));
            return await ServeAsync(resolutions, sockets, discovery);
        }
        catch (ListenException exception)
        {
            throw new StartException(exception.Message, isConfigurationError: false);
        }
        finally
        {
            sockets.ForEach(socket => socket.Dispose());
        }
    }

    /// <summary>Unregisters the signal handlers and writes the rest of the log.</summary>
    public void Dispose()
    {
        _signals.Dispose();
        _faults.Dispose();
        _logs.Dispose();
        _logFile?.Dispose();
    }

    private void OpenAll(IEnumerable<Resolution> resolutions, List<ListenSockets> sockets)
    {
        using var inherited = InheritedSockets.Read(Environment.GetEnvironmentVariable);
        foreach (Resolution resolution in resolutions)
            sockets.Add(ListenSockets.Open(resolution.Listen, inherited));
        _log.Warnings(inherited.Unused.Select(address => $"The inherited socket {address} is closed: no --listen has its address."));
    }

    // Null when a signal asks for a stop meanwhile: a name server may take seconds.
    private async Task<Resolution[]?> ResolveAsync(DiscoveryEnvironment discovery)
    {
        try
        {
            Resolution[] resolutions = await Resolution.ResolveAllAsync(_options.Services, discovery).WaitAsync(_signals.Stopping);
            foreach (TrackedName name in resolutions.SelectMany(resolution => resolution.Discovery.Unresolved))
                discovery.Names.ReportPending(name);
            return resolutions;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private async Task<bool> ServeAsync(Resolution[] resolutions, List<ListenSockets> sockets, DiscoveryEnvironment discovery)
    {
        using ITransport transport = HostTransport.Create(_options, _log);
        var environment = new ServiceEnvironment(
            transport, discovery, _limits, new ConnectionIds(), TimeProvider.System, discovery.Loggers, IsOperated: _companion is not null);
        using var running = new RunningConfiguration(_options, [.. resolutions.Zip(sockets)], environment, _logs);
        bool isClean = await ServeAsync(running, environment);
        _log.Stopped();
        return isClean;
    }

    private async Task<bool> ServeAsync(RunningConfiguration running, ServiceEnvironment environment)
    {
        using ReloadLoop? reloads = _read is null
            ? null
            : new ReloadLoop(_files, _read, running, environment.Loggers, TimeProvider.System, _logs.Loggers);
        await using IHostCompanion? companion = _companion; // until the services are drained, so that operators see that
        await StartCompanionAsync(running, environment, reloads);
        running.ReportListening();
        if (reloads is null)
            return await running.RunAsync(_signals.Stopping, _signals.Aborting);
        _signals.OnReloadRequested(reloads.Request);
        try
        {
            return await reloads.RunAsync(stopping => running.RunAsync(stopping, _signals.Aborting), _signals.Stopping);
        }
        finally
        {
            _signals.OnReloadRequested(null);
        }
    }

    private async Task StartCompanionAsync(RunningConfiguration running, ServiceEnvironment environment, ReloadLoop? reloads)
    {
        if (_companion is null || _events is null)
            return;
        var operations = new HostOperations(running, environment, reloads, _logs, _events.Events);
        await _companion.StartAsync(operations.View, operations.Control);
        environment.Discovery.Own.AddLasting(_companion.LocalEndPoints);
        Resolution.RefuseLoops(_companion.LocalEndPoints, _options.Services.SelectMany(service => service.Backends));
    }
}
