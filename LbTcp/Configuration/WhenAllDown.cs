namespace LbTcp.Configuration;

/// <summary>
/// The action when no backend is healthy. Reset and close apply as well to a client for which no backend could be reached, or whose time
/// in the queue expired.
/// </summary>
internal enum WhenAllDown
{
    /// <summary>Reset the client; a reset cannot be mistaken for an empty response.</summary>
    Reset,

    /// <summary>Close its connection in order.</summary>
    Close,

    /// <summary>Try the backends as if all were healthy.</summary>
    TryAny,
}
