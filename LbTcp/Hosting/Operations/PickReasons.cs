using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Configuration.Settings;
using LbTcp.Diagnostics;
using LbTcp.Forwarding;

namespace LbTcp.Hosting.Operations;

/// <summary>Says why the backend of a connection was picked.</summary>
internal static class PickReasons
{
    /// <summary>Returns the reasons, in clauses and in the order of what happened.</summary>
    /// <param name="dial">The way of the connection to its backend.</param>
    /// <param name="serverName">The server name that the client asked for; null for none.</param>
    /// <param name="algorithm">The algorithm of the service, as it is now.</param>
    public static IReadOnlyList<string> Of(BackendDial dial, string? serverName, Algorithm algorithm) =>
    [
        .. serverName is null ? Array.Empty<string>() : [$"the client asked for {serverName}"],
        .. dial.FailedAttempts.Select(attempt => $"{attempt.Backend} was tried before and failed: {attempt.Error}"),
        .. OfQueue(dial),
        .. dial is { Wait: null, Lease: { } lease } ? [OfPick(lease, algorithm)] : Array.Empty<string>(),
    ];

    private static IEnumerable<string> OfQueue(BackendDial dial)
    {
        if (dial.Queued is { } queued)
            yield return $"all backends were full: it waited {DurationText.Of(queued)} in the queue";
        if (dial.Wait is not null)
            yield return "all backends are full: it waits in the queue";
    }

    private static string OfPick(BackendLease lease, Algorithm algorithm)
    {
        string name = lease.Backend.Name;
        return lease.Tier switch
        {
            PickTier.Any => $"{name} was tried although it was not available, as no other backend was left",
            PickTier.Backup => $"{name} is a backup: every available backend was tried before",
            _ when lease.Choices == 1 => $"{name} was the only backend that was available",
            _ => $"{name} was picked by {ServiceSettings.Algorithm.Form.Format(algorithm)}, one of {lease.Choices} that were available",
        };
    }
}
