using LbTcp.Diagnostics;
using Microsoft.Extensions.Logging;

namespace LbTcp.Hosting;

/// <summary>
/// Changes the log level by a reload: a lower level applies to the records of the reload, a stricter one after them. Used by one thread at
/// a time.
/// </summary>
/// <param name="logs">Has the level.</param>
internal sealed class ReloadedLogLevel(LogPipeline logs)
{
    private LogLevel? _next;

    /// <summary>Changes the level, now or after the records.</summary>
    public void Change(LogLevel level)
    {
        if (level < logs.Level)
            logs.Level = level;
        else
            _next = level;
    }

    /// <summary>Called when the records of the reload have been written.</summary>
    public void EndReport()
    {
        if (_next is { } level)
            logs.Level = level;
        _next = null;
    }
}
