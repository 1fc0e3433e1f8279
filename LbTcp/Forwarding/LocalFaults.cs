using System.Collections.Concurrent;
using System.Net.Sockets;
using LbTcp.Connections;
using LbTcp.Diagnostics;
using Microsoft.Extensions.Logging;

namespace LbTcp.Forwarding;

/// <summary>
/// Counts connections that failed for a reason on this machine, such as a lack of ports or descriptors, and logs the counts
/// periodically: one record per cause and call, however many clients are affected. Safe for use by any number of threads.
/// </summary>
/// <param name="logger">Receives the records.</param>
internal sealed partial class LocalFaults(ILogger<LocalFaults> logger)
{
    private readonly ConcurrentDictionary<SocketError, int> _counts = [];

    /// <summary>The interval at which <see cref="Report"/> should be called.</summary>
    public static TimeSpan Interval { get; } = TimeSpan.FromSeconds(1);

    /// <summary>Counts <paramref name="error"/> if its cause is on this machine.</summary>
    public void Record(SocketError error)
    {
        if (SocketErrors.IsLocalFault(error))
            _ = _counts.AddOrUpdate(error, 1, static (_, count) => count + 1);
    }

    /// <summary>Logs what was counted since the last call, if anything.</summary>
    public void Report()
    {
        foreach (SocketError error in _counts.Keys)
        {
            if (_counts.TryRemove(error, out int count))
                Log.LocalFault(logger, count, SocketErrors.Describe(error), SocketErrors.Remedy(error));
        }
    }

    /// <summary>Logs what was counted after the last regular call.</summary>
    public Task FinishAsync()
    {
        Report();
        return Task.CompletedTask;
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.LocalFault, LogLevel.Warning,
            "connections failed for a reason on this machine count={Count} error={Error} hint={Hint}")]
        public static partial void LocalFault(ILogger logger, int count, string error, string? hint);
    }
}
