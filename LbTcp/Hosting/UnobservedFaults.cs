using LbTcp.Diagnostics;
using Microsoft.Extensions.Logging;

namespace LbTcp.Hosting;

/// <summary>Logs unobserved task exceptions: defects of this program that would otherwise go unnoticed.</summary>
internal sealed partial class UnobservedFaults : IDisposable
{
    private readonly ILogger _logger;

    /// <summary>Subscribes to unobserved task exceptions.</summary>
    public UnobservedFaults(ILogger<UnobservedFaults> logger)
    {
        _logger = logger;
        TaskScheduler.UnobservedTaskException += OnUnobserved;
    }

    /// <summary>Ends the subscription.</summary>
    public void Dispose() => TaskScheduler.UnobservedTaskException -= OnUnobserved;

    private void OnUnobserved(object? sender, UnobservedTaskExceptionEventArgs arguments)
    {
        arguments.SetObserved();
        Log.UnobservedException(_logger, arguments.Exception);
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.UnobservedException, LogLevel.Error, "unobserved task exception, a defect in lbtcp")]
        public static partial void UnobservedException(ILogger logger, Exception exception);
    }
}
