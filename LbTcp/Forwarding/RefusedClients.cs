using System.Net;
using LbTcp.Admission;
using LbTcp.Connections;
using LbTcp.Diagnostics;
using Microsoft.Extensions.Logging;

namespace LbTcp.Forwarding;

/// <summary>
/// Counts refused clients and logs the counts periodically, one record per reason with one of the clients: those who are refused may be
/// many, and choose how many they are. Safe for use by any number of threads, without a lock.
/// </summary>
/// <param name="access">Names the rule that refuses a client.</param>
/// <param name="logger">Receives the records.</param>
internal sealed partial class RefusedClients(AccessControl access, ILogger<RefusedClients> logger)
{
    private readonly int[] _counts = new int[ConnectionEndReasons.Count];
    private readonly Refusal?[] _samples = new Refusal?[ConnectionEndReasons.Count];

    /// <summary>The interval at which <see cref="Report"/> should be called.</summary>
    public static TimeSpan Interval { get; } = TimeSpan.FromSeconds(1);

    /// <summary>Counts a connection that has ended if its client was refused.</summary>
    public void Record(ActiveConnection connection)
    {
        ConnectionEndReason reason = connection.Reason;
        if (!reason.IsRefusal())
            return;
        _ = Interlocked.Increment(ref _counts[(int)reason]);
        if (Volatile.Read(ref _samples[(int)reason]) is null)
            Volatile.Write(ref _samples[(int)reason], new Refusal(connection.Source, RuleFor(connection, reason)));
    }

    /// <summary>Logs what was counted since the last call, if anything.</summary>
    public void Report()
    {
        for (int reason = 0; reason < _counts.Length; reason++)
        {
            // A count whose client is about to be written is left for the next call.
            if (_counts[reason] > 0 && Interlocked.Exchange(ref _samples[reason], null) is { } sample)
                Log.ClientRefused(
                    logger, (ConnectionEndReason)reason, sample.Client, sample.Rule, Interlocked.Exchange(ref _counts[reason], 0));
        }
    }

    /// <summary>Logs what was counted after the last regular call.</summary>
    public Task FinishAsync()
    {
        Report();
        return Task.CompletedTask;
    }

    private string? RuleFor(ActiveConnection connection, ConnectionEndReason reason) => reason is ConnectionEndReason.AccessDenied
        ? access.Decide(connection.Source.ClientAddress()).Place ?? "none"
        : null;

    private sealed record Refusal(EndPoint Client, string? Rule);

    private static partial class Log
    {
        [LoggerMessage(EventIds.ClientRefused, LogLevel.Information,
            "clients refused reason={Reason} client={Client} rule={Rule} count={Count}")]
        public static partial void ClientRefused(
            ILogger logger, ConnectionEndReason reason, EndPoint client, string? rule, int count);
    }
}
