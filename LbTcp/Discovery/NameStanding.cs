namespace LbTcp.Discovery;

/// <summary>What is known about the time that the look-up of a name takes.</summary>
internal enum NameStanding
{
    /// <summary>Nothing: the name has never had an answer.</summary>
    New,

    /// <summary>The latest look-up had an answer.</summary>
    Proven,

    /// <summary>The latest look-up failed because a name server did not answer; the next one may take as long.</summary>
    Suspected,
}
