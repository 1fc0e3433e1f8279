namespace LbTcp.Backends;

/// <summary>
/// The health, intent, settings and addresses that determine whether a backend is available, at the time of a snapshot. Six bytes, since
/// every snapshot has one for each backend.
/// </summary>
/// <param name="IsHealthy">Whether the backend was healthy.</param>
/// <param name="Intent">The operator's intent.</param>
/// <param name="Weight">The weight in effect: the overriding one, or else the configured one.</param>
/// <param name="IsBackup">Whether the backend is used only while no other is available.</param>
/// <param name="IsResolved">Whether the backend has an address.</param>
internal readonly record struct BackendState(bool IsHealthy, BackendIntent Intent, ushort Weight, bool IsBackup, bool IsResolved)
{
    /// <summary>Whether intent, weight and addresses allow new connections; health and tier are not considered.</summary>
    public bool AllowsConnections => Intent is BackendIntent.Ready && Weight > 0 && IsResolved;

    /// <summary>Reads the state of <paramref name="backend"/>. Consistent only while its pool's lock is held.</summary>
    public static BackendState Of(Backend backend) =>
        new(backend.IsHealthy, backend.Intent, (ushort)backend.Weight, backend.Options.IsBackup, backend.IsResolved);
}
