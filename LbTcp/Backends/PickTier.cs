namespace LbTcp.Backends;

/// <summary>Where a backend was picked from.</summary>
internal enum PickTier : byte
{
    /// <summary>The available backends.</summary>
    Available,

    /// <summary>The backup backends, after the dials to all available ones had failed.</summary>
    Backup,

    /// <summary>All backends that are ready, whatever the checks say, as no other was left.</summary>
    Any,
}
