namespace LbTcp.Backends;

/// <summary>What the operator wants of a backend at run time, whatever its health.</summary>
internal enum BackendIntent
{
    /// <summary>The backend takes new connections while it is healthy.</summary>
    Ready,

    /// <summary>The backend takes no new connections; its open connections and its health checks go on.</summary>
    Drain,

    /// <summary>Maintenance: the backend takes no new connections and is not checked; its open connections go on.</summary>
    Maint,
}
