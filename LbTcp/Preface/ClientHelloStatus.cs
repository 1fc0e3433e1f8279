namespace LbTcp.Preface;

/// <summary>What the first bytes of a client are.</summary>
internal enum ClientHelloStatus
{
    /// <summary>The beginning of a ClientHello: more bytes decide.</summary>
    Incomplete,

    /// <summary>A complete ClientHello.</summary>
    Complete,

    /// <summary>Not TLS.</summary>
    NotTls,

    /// <summary>TLS, but no well-formed ClientHello of the accepted length.</summary>
    Invalid,
}
