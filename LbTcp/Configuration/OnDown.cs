namespace LbTcp.Configuration;

/// <summary>What becomes of a backend's connections when it goes down.</summary>
internal enum OnDown
{
    /// <summary>They go on as long as they can: a backend that fails its checks may still serve them.</summary>
    Keep,

    /// <summary>They are reset on both sides, so that clients come back and get another backend.</summary>
    Close,
}
