using LbTcp.Cli;
using LbTcp.Connections.Sockets;
using LbTcp.Diagnostics;
using LbTcp.Discovery;
using Microsoft.Extensions.Logging;

namespace LbTcp.Hosting;

/// <summary>The process while it serves: its logs, the signals that end it, and the service.</summary>
internal sealed class Host : IDisposable
{
    private readonly CommandOptions _options;
    private readonly LogPipeline _logs;
    private readonly UnobservedFaults _faults;
    private readonly StopSignals _signals;

    /// <summary>Takes over logs and signals; to be made before the first socket.</summary>
    public Host(CommandOptions options)
    {
        InlineCompletions.Enable();
        _options = options;
        _logs = LogPipeline.ToStandardOutput(options.LogFormat, options.LogLevel, TimeProvider.System);
        _faults = new UnobservedFaults(_logs.Loggers.CreateLogger<UnobservedFaults>());
        _signals = new StopSignals(_logs.Loggers.CreateLogger<StopSignals>());
    }

    /// <summary>Fires when the operator asks for a stop.</summary>
    public CancellationToken Stopping => _signals.Stopping;

    /// <summary>Resolves names.</summary>
    public HostResolver Resolver { get; } = new();

    /// <summary>Serves until a signal ends it.</summary>
    public async Task<ExitCode> ServeAsync(Resolution resolution)
    {
        var composition = new Composition(_options, resolution, Resolver, _logs.Loggers, TimeProvider.System);
        return await composition.RunAsync(_signals.Stopping, _signals.Aborting) ? ExitCode.Success : ExitCode.Failure;
    }

    /// <summary>Gives the signals back and writes out what is left of the log.</summary>
    public void Dispose()
    {
        _signals.Dispose();
        _faults.Dispose();
        _logs.Dispose();
    }
}
