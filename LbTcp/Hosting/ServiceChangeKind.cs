namespace LbTcp.Hosting;

/// <summary>The effect of a reload on a service.</summary>
internal enum ServiceChangeKind
{
    /// <summary>The service is not touched, except that its backends may get another order.</summary>
    Unchanged,

    /// <summary>The service continues with other settings, listen addresses or backends.</summary>
    Changed,

    /// <summary>The service begins.</summary>
    Added,

    /// <summary>The service stops accepting, and its connections are drained.</summary>
    Removed,
}
