using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Connections.Sockets;
using LbTcp.Diagnostics;
using Microsoft.Extensions.Logging;

namespace LbTcp.Hosting;

/// <summary>The process while it serves: its logs, signals, descriptors and services.</summary>
internal sealed class Host : IDisposable
{
    private readonly HostOptions _options;
    private readonly ConnectionLimit _limit;
    private readonly LogPipeline _logs;
    private readonly UnobservedFaults _faults;
    private readonly StopSignals _signals;

    /// <summary>Sets up logs and signals; to be constructed before the first socket is opened.</summary>
    public Host(HostOptions options)
    {
        InlineCompletions.Enable();
        _options = options;
        _limit = ConnectionLimit.For(options);
        _logs = LogPipeline.ToStandardOutput(options.LogFormat, options.LogLevel, TimeProvider.System);
        _faults = new UnobservedFaults(_logs.Loggers.CreateLogger<UnobservedFaults>());
        _signals = new StopSignals(_logs.Loggers.CreateLogger<StopSignals>());
    }

    /// <summary>Fires when the operator requests a stop.</summary>
    public CancellationToken Stopping => _signals.Stopping;

    /// <summary>Serves until a signal stops it.</summary>
    /// <returns>Whether it stopped on request; false if it failed, which was logged.</returns>
    /// <exception cref="StartException">It cannot start.</exception>
    public async Task<bool> ServeAsync()
    {
        ServiceOptions service = _options.Services[0];
        Resolution resolution = await Resolution.ResolveAsync(service, TimeProvider.System);
        var composition = new Composition(_options, service, _limit, resolution, _logs.Loggers, TimeProvider.System);
        try
        {
            return await composition.RunAsync(_signals.Stopping, _signals.Aborting);
        }
        catch (ListenException exception)
        {
            throw new StartException(exception.Message, isConfigurationError: false);
        }
    }

    /// <summary>Releases the signals and writes the rest of the log.</summary>
    public void Dispose()
    {
        _signals.Dispose();
        _faults.Dispose();
        _logs.Dispose();
    }
}
