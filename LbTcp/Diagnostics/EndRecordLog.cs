using Microsoft.Extensions.Logging;

namespace LbTcp.Diagnostics;

/// <summary>Writes the end record, one line per connection. The record itself is the log state, so it is formatted only once.</summary>
internal static class EndRecordLog
{
    /// <summary>The category of the loggers that end records are written to, besides errors of connections.</summary>
    public const string Category = "LbTcp.Forwarding.ConnectionHandler";

    private static readonly EventId _connectionClosed = new(EventIds.ConnectionClosed, nameof(EventIds.ConnectionClosed));

    /// <summary>Writes <paramref name="record"/>.</summary>
    public static void ConnectionClosed(ILogger logger, ConnectionEndRecord record) =>
        logger.Log(LogLevel.Information, _connectionClosed, record, exception: null, static (state, _) => state.Message);
}
