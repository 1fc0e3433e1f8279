namespace LbTcp.Configuration;

/// <summary>The action on the open connections of a backend that goes down.</summary>
internal enum OnDown
{
    /// <summary>Keep them: a backend that fails its checks may still serve them.</summary>
    Keep,

    /// <summary>Reset them on both sides, so that clients reconnect and get another backend.</summary>
    Close,
}
