namespace LbTcp.Configuration;

/// <summary>The action on the open connections of a backend that a reload removes.</summary>
internal enum OnRemoved
{
    /// <summary>Keep them until they end by themselves.</summary>
    Drain,

    /// <summary>Reset them on both sides, so that clients reconnect and get another backend.</summary>
    Close,
}
