using System.Runtime.InteropServices;
using LbTcp.Diagnostics;
using Microsoft.Extensions.Logging;

namespace LbTcp.Hosting;

/// <summary>
/// Converts signals to tokens: the first SIGTERM, SIGINT or SIGQUIT requests a stop, the second one an immediate stop. SIGHUP, which is
/// sent when a terminal closes, is ignored. In effect from construction until it is disposed.
/// </summary>
internal sealed partial class StopSignals : IDisposable
{
    private readonly ILogger _logger;
    private readonly PosixSignalRegistration[] _registrations;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _aborting = new();
    private int _stopRequests;

    /// <summary>Registers the signal handlers.</summary>
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

    /// <summary>Fires when the process should stop accepting and drain.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Fires when open connections should be ended at once.</summary>
    public CancellationToken Aborting => _aborting.Token;

    /// <summary>Handles a signal. The default action of the system, which ends the process, is suppressed.</summary>
    public void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        if (context.Signal == PosixSignal.SIGHUP)
            Log.HangupIgnored(_logger);
        else if (Interlocked.Increment(ref _stopRequests) == 1)
            _stopping.Cancel();
        else
            _aborting.Cancel();
    }

    /// <summary>Unregisters the signal handlers. One may still be running, so the token sources are not disposed.</summary>
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
