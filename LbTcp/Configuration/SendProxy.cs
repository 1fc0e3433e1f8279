namespace LbTcp.Configuration;

/// <summary>The PROXY protocol header that a backend gets before any byte of the client.</summary>
internal enum SendProxy
{
    /// <summary>None.</summary>
    Off,

    /// <summary>Version 1, a line of text.</summary>
    V1,

    /// <summary>Version 2, binary.</summary>
    V2,
}
