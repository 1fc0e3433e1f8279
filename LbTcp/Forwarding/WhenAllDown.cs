namespace LbTcp.Forwarding;

/// <summary>What a client gets when no backend is healthy.</summary>
internal enum WhenAllDown
{
    /// <summary>A reset: it cannot be mistaken for an empty answer.</summary>
    Reset,

    /// <summary>An orderly close.</summary>
    Close,

    /// <summary>A try at the backends anyway, as if all were healthy.</summary>
    TryAny,
}
