namespace LbTcp.Configuration;

/// <summary>What a client gets that exceeds a limit of its source or a rate.</summary>
internal enum OverLimit
{
    /// <summary>A reset.</summary>
    Reset,

    /// <summary>It waits, for at most the queue timeout, until the limit admits it.</summary>
    Wait,
}
