namespace LbTcp.Diagnostics;

/// <summary>The parties to a relayed connection: the two peers, and this program between them.</summary>
internal enum ConnectionSide
{
    /// <summary>The client.</summary>
    Client,

    /// <summary>The backend.</summary>
    Backend,

    /// <summary>This program: a timeout, the drain, or no available backend.</summary>
    LbTcp,
}
