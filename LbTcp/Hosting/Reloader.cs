using LbTcp.Configuration;
using LbTcp.Discovery;

namespace LbTcp.Hosting;

/// <summary>
/// Reads the configuration again when a file of it has changed or the operator requests it, and applies what it says. An invalid
/// configuration changes nothing. Its work is done by a <see cref="Ticker"/>.
/// </summary>
internal sealed class Reloader : IDisposable
{
    private static readonly TimeSpan _soon = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan _busyInterval = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan _hintInterval = TimeSpan.FromMilliseconds(20); // a directory may change thousands of times a second

    private readonly Func<ConfigurationResult> _read;
    private readonly IReloadTarget _target;
    private readonly FileWatch _watch;
    private readonly ReloadLog _log;
    private readonly TimeProvider _timeProvider;
    private readonly DirectoryHints _hints;
    private ReloadTrigger? _next = ReloadTrigger.Start;
    private volatile Task _running = Task.CompletedTask;
    private volatile bool _isHinted;
    private int _requests;

    /// <summary>Creates a reloader, which does nothing until it is polled.</summary>
    /// <param name="files">The files that the running configuration was read from.</param>
    /// <param name="read">Reads the whole configuration; may block while it reads files.</param>
    /// <param name="target">The running process.</param>
    /// <param name="watch">Watches the files of the configuration.</param>
    /// <param name="log">Receives the results.</param>
    /// <param name="timeProvider">The clock.</param>
    public Reloader(
        IReadOnlyList<string> files,
        Func<ConfigurationResult> read,
        IReloadTarget target,
        FileWatch watch,
        ReloadLog log,
        TimeProvider timeProvider)
    {
        _read = read;
        _target = target;
        _watch = watch;
        _log = log;
        _timeProvider = timeProvider;
        _hints = new DirectoryHints(WakeForHint, log.PollingOnly);
        _ = watch.Follow(files);
        _hints.Follow(files);
    }

    /// <summary>Raised on any thread when <see cref="Interval"/> has become shorter.</summary>
    public event Action? Woken;

    /// <summary>The time until the next poll.</summary>
    public TimeSpan Interval
    {
        get
        {
            if (!_running.IsCompleted)
                return _busyInterval;
            if (Volatile.Read(ref _requests) > 0)
                return _soon;
            return _isHinted ? _hintInterval : _watch.Interval;
        }
    }

    /// <summary>Requests a reload, whether a file has changed or not. May be called on any thread.</summary>
    public void Request()
    {
        _ = Interlocked.Increment(ref _requests);
        Woken?.Invoke();
    }

    /// <summary>Starts a reload if there is a reason for one and none is running. Requests of the meantime are combined.</summary>
    public void Poll(CancellationToken cancellationToken)
    {
        if (!_running.IsCompleted)
            return;
        _isHinted = false;
        bool hasChanged = _watch.Poll();
        if (Interlocked.Exchange(ref _requests, 0) > 0)
            _next = ReloadTrigger.Signal;
        else if (hasChanged)
            _next ??= ReloadTrigger.File;
        if (_next is not { } trigger)
            return;
        _next = null;
        _running = ReloadAsync(trigger, cancellationToken);
    }

    /// <summary>Completes when no reload is running.</summary>
    public Task FinishAsync() => _running;

    /// <summary>Stops watching directories.</summary>
    public void Dispose() => _hints.Dispose();

    private async Task ReloadAsync(ReloadTrigger trigger, CancellationToken cancellationToken)
    {
        if (trigger is ReloadTrigger.Start && _watch.ReadableOnce is not null)
            return;
        long startedAt = _timeProvider.GetTimestamp();
        try
        {
            ConfigurationResult configuration = ReadAll();
            if (!configuration.IsValid)
            {
                _log.Refused(trigger, configuration.Errors);
                return;
            }

            ApplyResult result = await _target.ApplyAsync(configuration.Options, cancellationToken);
            _log.Applied(trigger, startedAt, result, configuration.Files);
            _target.EndReport();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The process stops.
        }
        catch (Exception exception)
        {
            _log.Failed(exception);
        }
    }

    // The stamps of the files are taken before their content is read: a change in between is found by the next poll.
    private ConfigurationResult ReadAll()
    {
        if (_watch.ReadableOnce is { } file)
            return Unreadable(file);
        _watch.Restart();
        ConfigurationResult configuration = _read();
        if (_watch.Follow(configuration.Files))
        {
            _hints.Follow(configuration.Files);
            if (_watch.ReadableOnce is { } other)
                return Unreadable(other);
            configuration = _read();
        }

        return configuration;
    }

    private static ConfigurationResult Unreadable(string file)
    {
        string name = TextFile.NameOf(file);
        string message = $"{name} is not a regular file, so it cannot be read again; restart lbtcp to apply a change.";
        return new ConfigurationResult(null, [new ConfigurationError(name, message)], [file]);
    }

    private void WakeForHint()
    {
        if (_isHinted)
            return;
        _isHinted = true;
        Woken?.Invoke();
    }
}
