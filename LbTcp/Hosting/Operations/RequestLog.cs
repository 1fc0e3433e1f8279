using LbTcp.Backends;
using LbTcp.Diagnostics;
using LbTcp.Forwarding;
using Microsoft.Extensions.Logging;

namespace LbTcp.Hosting.Operations;

/// <summary>The log records of what operators request.</summary>
/// <param name="logger">The logger of the service that is concerned, or of the process.</param>
internal sealed partial class RequestLog(ILogger logger)
{
    /// <summary>Logs that the intent for a backend was set.</summary>
    public void IntentSet(Backend backend, BackendIntent was, Requester requester) =>
        Log.IntentSet(logger, backend.Name, backend.Intent, was, requester.Name, requester.From);

    /// <summary>Logs that the weight of a backend was set, or that it is the configured one again.</summary>
    public void WeightSet(Backend backend, int was, Requester requester) =>
        Log.WeightSet(logger, backend.Name, backend.Weight, was, backend.Options.Weight, requester.Name, requester.From);

    /// <summary>Logs that the level of the log was set.</summary>
    public void LogLevelSet(string level, string was, Requester requester) =>
        Log.LogLevelSet(logger, level, was, requester.Name, requester.From);

    /// <summary>Logs that a reload was requested; its result is logged by the reload.</summary>
    public void ReloadRequested(Requester requester) => Log.ReloadRequested(logger, requester.Name, requester.From);

    /// <summary>Logs that a connection was closed.</summary>
    public void CloseRequested(ActiveConnection connection, Requester requester) => Log.CloseRequested(
        logger, connection.Id, $"{connection.Source}", connection.Dial.Backend?.Name, requester.Name, requester.From);

    /// <summary>Logs that connections are being moved.</summary>
    public void RebalanceRequested(int planned, RebalanceRequest request, Requester requester) =>
        Log.RebalanceRequested(logger, planned, request.PerSecond, request.Tolerance, requester.Name, requester.From);

    private static partial class Log
    {
        [LoggerMessage(EventIds.IntentSet, LogLevel.Information,
            "intent set backend={Backend} intent={Intent} was={Was} by={By} from={From}")]
        public static partial void IntentSet(
            ILogger logger, string backend, BackendIntent intent, BackendIntent was, string by, string from);

        [LoggerMessage(EventIds.WeightSet, LogLevel.Information,
            "weight set backend={Backend} weight={Weight} was={Was} configured={Configured} by={By} from={From}")]
        public static partial void WeightSet(
            ILogger logger, string backend, int weight, int was, int configured, string by, string from);

        [LoggerMessage(EventIds.LogLevelSet, LogLevel.Information, "log level set level={Level} was={Was} by={By} from={From}")]
        public static partial void LogLevelSet(ILogger logger, string level, string was, string by, string from);

        [LoggerMessage(EventIds.ReloadRequested, LogLevel.Information, "reload requested by={By} from={From}")]
        public static partial void ReloadRequested(ILogger logger, string by, string from);

        [LoggerMessage(EventIds.CloseRequested, LogLevel.Information,
            "connection close requested id={Id:x} client={Client} backend={Backend} by={By} from={From}")]
        public static partial void CloseRequested(ILogger logger, long id, string client, string? backend, string by, string from);

        [LoggerMessage(EventIds.RebalanceRequested, LogLevel.Information,
            "rebalance requested planned={Planned} per_second={PerSecond} tolerance={Tolerance} by={By} from={From}")]
        public static partial void RebalanceRequested(
            ILogger logger, int planned, double perSecond, double tolerance, string by, string from);
    }
}
