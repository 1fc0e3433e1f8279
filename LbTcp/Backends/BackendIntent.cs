namespace LbTcp.Backends;

/// <summary>The operator's intent for a backend at run time, independent of its health.</summary>
internal enum BackendIntent : byte
{
    /// <summary>The backend takes new connections while it is healthy.</summary>
    Ready,

    /// <summary>The backend takes no new connections; open connections and health checks continue.</summary>
    Drain,

    /// <summary>Maintenance: the backend takes no new connections and is not checked; open connections continue.</summary>
    Maint,
}
