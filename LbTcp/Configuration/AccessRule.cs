namespace LbTcp.Configuration;

/// <summary>One access rule: the clients of a network are admitted or refused.</summary>
/// <param name="Allows">Whether they are admitted.</param>
/// <param name="Network">The network.</param>
/// <param name="Line">The line of the file, from 1; 0 for a rule that is not in a file.</param>
internal readonly record struct AccessRule(bool Allows, Network Network, int Line = 0)
{
    /// <summary>The word of a rule that admits.</summary>
    public const string AllowWord = "allow";

    /// <summary>The word of a rule that refuses.</summary>
    public const string DenyWord = "deny";

    /// <summary>The rule as it is written in a file.</summary>
    public override string ToString() => $"{(Allows ? AllowWord : DenyWord)} {Network}";
}
