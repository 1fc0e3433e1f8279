using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Connections.Sockets;
using LbTcp.Diagnostics;
using LbTcp.Discovery;
using LbTcp.Forwarding;
using LbTcp.Health;
using Microsoft.Extensions.Logging;

namespace LbTcp.Hosting;

/// <summary>The running process: its logs, signals and descriptor limit, and one transport for all of its services.</summary>
internal sealed class Host : IDisposable
{
    private readonly HostOptions _options;
    private readonly ConnectionLimit _limit;
    private readonly CheckBudget _checks;
    private readonly LogPipeline _logs;
    private readonly StartLog _log;
    private readonly UnobservedFaults _faults;
    private readonly HostSignals _signals;

    /// <summary>Sets up logs and signals; must be constructed before the first socket is opened.</summary>
    /// <exception cref="StartException">The system grants less than the process needs.</exception>
    public Host(HostOptions options)
    {
        StartRequirements.Verify(options);
        InlineCompletions.Enable();
        _options = options;
        _limit = ConnectionLimit.For(options);
        _checks = CheckBudget.For(DescriptorLimit.Read(), options.BackendCount);
        _logs = LogPipeline.ToStandardOutput(options.LogFormat, options.LogLevel, TimeProvider.System);
        _log = new StartLog(_logs.Loggers.CreateLogger<Host>());
        _faults = new UnobservedFaults(_logs.Loggers.CreateLogger<UnobservedFaults>());
        _signals = new HostSignals();
    }

    /// <summary>Fires when the operator requests a stop.</summary>
    public CancellationToken Stopping => _signals.Stopping;

    /// <summary>Runs all services until a signal stops the process.</summary>
    /// <returns>Whether the process stopped on request; false if a service failed, which is logged.</returns>
    /// <exception cref="StartException">The process cannot start.</exception>
    public async Task<bool> ServeAsync()
    {
        var resolver = new HostResolver();
        if (await ResolveAsync(resolver) is not { } resolutions)
        {
            _log.Stopped();
            return true; // stopped before it began to serve
        }

        _log.Warnings(_limit, resolutions);
        List<ListenSockets> sockets = [];
        try
        {
            foreach (Resolution resolution in resolutions)
                sockets.Add(ListenSockets.Open(resolution.Listen));
            return await ServeAsync(resolutions, sockets, resolver);
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
    }

    // Null when a signal asks for a stop meanwhile: a name server may take seconds.
    private async Task<Resolution[]?> ResolveAsync(HostResolver resolver)
    {
        try
        {
            return await Resolution.ResolveAllAsync(_options.Services, resolver, TimeProvider.System).WaitAsync(_signals.Stopping);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private async Task<bool> ServeAsync(Resolution[] resolutions, List<ListenSockets> sockets, HostResolver resolver)
    {
        using ITransport transport = HostTransport.Create(_options, _log);
        var environment = new ServiceEnvironment(
            transport,
            resolver,
            new ConnectionSlots(_limit.Value),
            new ProbePlaces(_checks.Probes),
            new HangUpList(_checks.HangUps, TimeProvider.System),
            new ConnectionIds(),
            TimeProvider.System,
            _logs.Loggers);
        List<LoadBalancer> services = [];
        try
        {
            foreach ((Resolution resolution, ListenSockets ports) in resolutions.Zip(sockets))
            {
                services.Add(ServiceComposition.Create(resolution.Service, resolution.Pool, ports, environment));
                _log.Listening(resolution.Service, _limit, _checks, ports);
            }

            bool isClean = await new ServiceGroup(services).RunAsync(_signals.Stopping, _signals.Aborting);
            _log.Stopped();
            return isClean;
        }
        finally
        {
            services.ForEach(service => service.Dispose());
        }
    }
}
