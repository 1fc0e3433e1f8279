using System.Runtime.InteropServices;

namespace LbTcp.Hosting;

/// <summary>
/// Converts signals to requests: the first SIGTERM, SIGINT or SIGQUIT requests a stop, the second one an immediate stop, SIGHUP a reload,
/// and SIGUSR1 that the log file is opened again. In effect from construction until it is disposed.
/// </summary>
internal sealed class HostSignals : IDisposable
{
    // The framework has no name for it, but takes the number that the system has (signal(7), signal.h of macOS and FreeBSD).
    private static readonly PosixSignal _sigUsr1 = (PosixSignal)(OperatingSystem.IsLinux() ? 10 : 30);

    private readonly PosixSignalRegistration[] _registrations;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _aborting = new();
    private readonly Lock _gate = new();
    private Action? _reload;
    private bool _isReloadPending;
    private int _stopRequests;

    /// <summary>Registers the signal handlers.</summary>
    public HostSignals()
    {
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle),
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle),
            PosixSignalRegistration.Create(PosixSignal.SIGQUIT, Handle),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, Handle),
            .. OperatingSystem.IsWindows() ? [] : new[] { PosixSignalRegistration.Create(_sigUsr1, Handle) },
        ];
    }

    /// <summary>Is called on a thread of the framework when the log file should be opened again.</summary>
    public event Action? ReopenRequested;

    /// <summary>Fires when the process should stop accepting and drain.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Fires when open connections should be ended at once.</summary>
    public CancellationToken Aborting => _aborting.Token;

    /// <summary>
    /// Sets what is called on a thread of the framework when the configuration should be read again. It is called at once if that was
    /// requested before.
    /// </summary>
    /// <param name="handler">Called for every request; null for nothing, which ends the calls.</param>
    public void OnReloadRequested(Action? handler)
    {
        lock (_gate)
        {
            _reload = handler;
            if (_isReloadPending)
                RequestReload();
        }
    }

    /// <summary>Handles a signal. The default action of the system, which ends the process, is suppressed.</summary>
    public void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        if (context.Signal == PosixSignal.SIGHUP)
            RequestReload();
        else if (context.Signal == _sigUsr1)
            ReopenRequested?.Invoke();
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

    private void RequestReload()
    {
        lock (_gate)
        {
            _isReloadPending = _reload is null;
            _reload?.Invoke();
        }
    }
}
