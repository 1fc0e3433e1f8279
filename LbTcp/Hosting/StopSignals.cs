using System.Runtime.InteropServices;
using LbTcp.Diagnostics;
using Microsoft.Extensions.Logging;

namespace LbTcp.Hosting;

/// <summary>
/// Turns signals into tokens: the first SIGTERM, SIGINT or SIGQUIT asks for a stop, the second one for a stop at once. SIGHUP, which a
/// closing terminal sends, ends nothing. Holds from the constructor until it is disposed of.
/// </summary>
internal sealed partial class StopSignals : IDisposable
{
    private readonly ILogger _logger;
    private readonly PosixSignalRegistration[] _registrations;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _aborting = new();
    private int _stopsAsked;

    /// <summary>Takes the signals over.</summary>
    public StopSignals(ILogger<StopSignals> logger)
    {
        _logger = logger;
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle),
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle),
            PosixSignalRegistration.Create(PosixSignal.SIGQUIT, Handle),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, Handle),
        ];
    }

    /// <summary>Fires when the program is to stop accepting and to let open connections finish.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Fires when open connections are to end at once.</summary>
    public CancellationToken Aborting => _aborting.Token;

    /// <summary>What a signal brings about. The system's own way with it, which is to end the process, is called off.</summary>
    public void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        if (context.Signal == PosixSignal.SIGHUP)
            Log.HangupIgnored(_logger);
        else if (Interlocked.Increment(ref _stopsAsked) == 1)
            _stopping.Cancel();
        else
            _aborting.Cancel();
    }

    /// <summary>
    /// Gives the signals back to the system. A handler may be running all the same, so the sources of the tokens stay usable.
    /// </summary>
    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
            registration.Dispose();
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.HangupIgnored, LogLevel.Information, "SIGHUP ignored")]
        public static partial void HangupIgnored(ILogger logger);
    }
}
