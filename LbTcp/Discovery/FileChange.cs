namespace LbTcp.Discovery;

/// <summary>What a <see cref="FileWatch"/> knows of a change of its files.</summary>
internal enum FileChange
{
    /// <summary>They have not changed, or are still being changed.</summary>
    None,

    /// <summary>They may have changed before they were watched.</summary>
    Possible,

    /// <summary>They have changed.</summary>
    Found,
}
