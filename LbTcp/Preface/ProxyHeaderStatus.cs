namespace LbTcp.Preface;

/// <summary>What the bytes that were received so far are.</summary>
internal enum ProxyHeaderStatus
{
    /// <summary>The beginning of a header.</summary>
    Incomplete,

    /// <summary>A header, and maybe payload behind it.</summary>
    Complete,

    /// <summary>No header, whatever follows.</summary>
    Invalid,
}
