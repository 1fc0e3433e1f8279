namespace LbTcp.Diagnostics;

/// <summary>How a hedge ended: a dial that was begun beside one without an answer.</summary>
internal enum HedgeOutcome
{
    /// <summary>It was answered first, and its connection is used.</summary>
    Won,

    /// <summary>Another dial of the same client was answered first.</summary>
    Lost,

    /// <summary>Its backend refused it or could not be reached.</summary>
    Failed,
}
