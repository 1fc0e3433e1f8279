using LbTcp.Diagnostics;
using Microsoft.Extensions.Logging;

namespace LbTcp.Hosting;

/// <summary>Logs the exception of a task that nobody awaited: a defect of this program that would stay unseen.</summary>
internal sealed partial class UnobservedFaults : IDisposable
{
    private readonly ILogger _logger;

    /// <summary>Starts to watch.</summary>
    public UnobservedFaults(ILogger<UnobservedFaults> logger)
    {
        _logger = logger;
        TaskScheduler.UnobservedTaskException += OnUnobserved;
    }

    /// <summary>Ends watching.</summary>
    public void Dispose() => TaskScheduler.UnobservedTaskException -= OnUnobserved;

    private void OnUnobserved(object? sender, UnobservedTaskExceptionEventArgs arguments)
    {
        arguments.SetObserved();
        Log.UnobservedException(_logger, arguments.Exception);
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.UnobservedException, LogLevel.Error, "a task failed by a defect in lbtcp and nobody noticed")]
        public static partial void UnobservedException(ILogger logger, Exception exception);
    }
}
