namespace LbTcp.Discovery;

/// <summary>What a name is resolved to.</summary>
/// <param name="Name">The name in lower case; with a final dot, the search list does not apply.</param>
/// <param name="IsService">Whether its SRV records are meant, and not its addresses.</param>
internal readonly record struct NameQuestion(string Name, bool IsService)
{
    /// <summary>The name without a final dot.</summary>
    public string PlainName => Name.TrimEnd('.');
}
