namespace LbTcp.Health.Exchanges;

/// <summary>The result of reading the head of an HTTP response.</summary>
internal enum HttpHeadState
{
    /// <summary>More bytes are needed.</summary>
    Incomplete,

    /// <summary>The head was read to its end.</summary>
    Complete,

    /// <summary>The bytes are not the head of an HTTP/1.x response.</summary>
    Invalid,

    /// <summary>The head exceeds the size limit.</summary>
    TooLarge,
}
