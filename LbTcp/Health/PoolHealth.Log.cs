using LbTcp.Diagnostics;
using Microsoft.Extensions.Logging;

namespace LbTcp.Health;

/// <content>What is said when a backend flips.</content>
internal sealed partial class PoolHealth
{
    private static partial class Log
    {
        [LoggerMessage(EventIds.BackendUp, LogLevel.Information,
            "backend is up, was down backend={Backend} reason={Reason} successes={Successes} healthy={Healthy} total={Total}")]
        public static partial void BackendUp(ILogger logger, string backend, string reason, int successes, int healthy, int total);

        [LoggerMessage(EventIds.BackendDown, LogLevel.Warning,
            "backend is down, was up backend={Backend} reason={Reason} failures={Failures} healthy={Healthy} total={Total} hint={Hint}")]
        public static partial void BackendDown(
            ILogger logger, string backend, string reason, int failures, int healthy, int total, string? hint);
    }
}
