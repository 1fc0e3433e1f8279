namespace LbTcp.Preface;

/// <summary>The result of reading a PROXY protocol header from the bytes that were received so far.</summary>
/// <param name="Status">What the bytes are.</param>
/// <param name="Header">The header if it is complete.</param>
/// <param name="Problem">What is wrong with it if it is invalid, in a few words for a log.</param>
internal readonly record struct ProxyHeaderResult(ProxyHeaderStatus Status, ProxyHeader Header = default, string? Problem = null)
{
    /// <summary>More bytes are needed.</summary>
    public static ProxyHeaderResult Incomplete => default;

    /// <summary>A complete header.</summary>
    public static ProxyHeaderResult Of(ProxyHeader header) => new(ProxyHeaderStatus.Complete, header);

    /// <summary>No header.</summary>
    public static ProxyHeaderResult Invalid(string problem) => new(ProxyHeaderStatus.Invalid, Problem: problem);
}
