using Microsoft.Extensions.Logging;

namespace LbTcp.Diagnostics;

internal static class EndRecordLog
{
    public static void ConnectionClosed(ILogger logger, ConnectionEndRecord record) =>
        logger.Log(LogLevel.Information, EventIds.ConnectionClosed, record, null, static (r, _) => r.ToString());
}
