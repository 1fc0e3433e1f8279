namespace LbTcp.Hosting.Operations;

/// <summary>The traffic of one backend, and what its open connections have in common.</summary>
/// <param name="Status">Connections, bytes and rates.</param>
/// <param name="OldestConnection">The age of its oldest open connection; null if it has none.</param>
/// <param name="LongestIdle">The longest time for which one of its open connections has moved no byte; null if it has none.</param>
/// <param name="Completed">The number of its connections so far that ended with <c>completed</c>.</param>
internal sealed record BackendLoad(TrafficStatus Status, TimeSpan? OldestConnection, TimeSpan? LongestIdle, long Completed);
