namespace LbTcp.Configuration;

/// <summary>
/// What a client gets when no backend is healthy. How it is turned away, with a reset or a close, holds for those as well that no backend could be
/// reached for, or that waited for one in vain.
/// </summary>
internal enum WhenAllDown
{
    /// <summary>A reset: it cannot be mistaken for an empty answer.</summary>
    Reset,

    /// <summary>An orderly close.</summary>
    Close,

    /// <summary>A try at the backends anyway, as if all were healthy.</summary>
    TryAny,
}
