namespace LbTcp.Configuration;

/// <summary>One access rule: the clients of a network are admitted or refused.</summary>
internal readonly record struct AccessRule
{
    /// <summary>The word of a rule that admits.</summary>
    public const string AllowWord = "allow";

    /// <summary>The word of a rule that refuses.</summary>
    public const string DenyWord = "deny";

    /// <summary>Creates a rule.</summary>
    /// <param name="allows">Whether the clients are admitted.</param>
    /// <param name="network">The network.</param>
    /// <param name="line">The line of the file, from 1; 0 for a rule that is not in a file.</param>
    public AccessRule(bool allows, Network network, int line = 0) => (Allows, Block, Line) = (allows, network.Block, line);

    /// <summary>Whether the clients are admitted.</summary>
    public bool Allows { get; }

    /// <summary>The network as numbers: in a list of 100,000 rules the garbage collector has no objects to follow.</summary>
    public NetworkBlock Block { get; }

    /// <summary>The line of the file, from 1; 0 for a rule that is not in a file.</summary>
    public int Line { get; }

    /// <summary>The network.</summary>
    public Network Network => Network.Of(Block);

    /// <summary>The rule as it is written in a file.</summary>
    public override string ToString() => $"{(Allows ? AllowWord : DenyWord)} {Network}";
}
