namespace LbTcp.Diagnostics;

/// <summary>The parties to a relayed connection: the two peers, and this program between them.</summary>
internal enum ConnectionSide
{
    /// <summary>The client.</summary>
    Client,

    /// <summary>The backend.</summary>
    Backend,

    /// <summary>This program: a timer, the drain, or no backend to go to.</summary>
    LbTcp,
}
