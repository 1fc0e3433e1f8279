using LbTcp.Diagnostics;
using Microsoft.Extensions.Logging;

namespace LbTcp.Health;

/// <content>The log messages of the checker.</content>
internal sealed partial class HealthChecker
{
    private static partial class Log
    {
        [LoggerMessage(EventIds.ProbeInconclusive, LogLevel.Warning, "health check was inconclusive backend={Backend} reason={Reason}")]
        public static partial void ProbeInconclusive(ILogger logger, string backend, string reason);

        [LoggerMessage(EventIds.CheckerFault, LogLevel.Error, "health check failed, a defect in lbtcp backend={Backend}")]
        public static partial void CheckerFault(ILogger logger, string backend, Exception exception);
    }
}
