namespace LbTcp.Hosting.Operations;

/// <summary>What health checks and traffic say about a backend.</summary>
internal enum HealthState
{
    /// <summary>Checks succeed.</summary>
    Healthy,

    /// <summary>Checks fail.</summary>
    Unhealthy,

    /// <summary>Connections of clients failed, so the backend takes none for a time.</summary>
    Ejected,

    /// <summary>No name server has answered for its name yet.</summary>
    Unresolved,

    /// <summary>It is not checked, and no connection of a client has failed.</summary>
    Unchecked,
}
