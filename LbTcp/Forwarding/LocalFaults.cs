using System.Collections.Concurrent;
using System.Net.Sockets;
using LbTcp.Backends;
using LbTcp.Connections;
using LbTcp.Diagnostics;
using Microsoft.Extensions.Logging;

namespace LbTcp.Forwarding;

/// <summary>
/// Counts connections that failed for a reason on this machine, such as a lack of ports or descriptors, and logs the counts
/// periodically: one record per cause and call, and backend where it concerns single ones, however many clients are affected. Safe for use
/// by any number of threads.
/// </summary>
/// <param name="logger">Receives the records.</param>
internal sealed partial class LocalFaults(ILogger<LocalFaults> logger)
{
    private readonly ConcurrentDictionary<(SocketError Error, string? Backend), int> _counts = [];

    /// <summary>The interval at which <see cref="Report"/> should be called.</summary>
    public static TimeSpan Interval { get; } = TimeSpan.FromSeconds(1);

    /// <summary>Counts <paramref name="error"/> if its cause is on this machine.</summary>
    /// <param name="error">The error.</param>
    /// <param name="backend">The backend that was dialled; counts where a lack concerns some backends only.</param>
    public void Record(SocketError error, Backend? backend = null)
    {
        if (!SocketErrors.IsLocalFault(error))
            return;
        string? concerned = SocketErrors.IsExhaustion(error) ? null : backend?.Name;
        _ = _counts.AddOrUpdate((error, concerned), 1, static (_, count) => count + 1);
    }

    /// <summary>Logs what was counted since the last call, if anything.</summary>
    public void Report()
    {
        foreach ((SocketError error, string? backend) in _counts.Keys)
        {
            if (_counts.TryRemove((error, backend), out int count))
                Log.LocalFault(logger, count, SocketErrors.Describe(error), backend, SocketErrors.Remedy(error));
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
            "connections failed for a reason on this machine count={Count} error={Error} backend={Backend} hint={Hint}")]
        public static partial void LocalFault(ILogger logger, int count, string error, string? backend, string? hint);
    }
}
