
namespace LbTcp.Diagnostics;

/// <summary>Who ended a connection first.</summary>
internal enum ConnectionSide
{
    /// <summary>The client.</summary>
    Client,

    /// <summary>The backend.</summary>
    Backend,

    /// <summary>This program: a timer, the drain, or no backend to go to.</summary>
    LbTcp,
}
