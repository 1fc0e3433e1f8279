namespace LbTcp.Cli.Terminals;

/// <summary>What a text tells, which a color shows.</summary>
internal enum Tone
{
    /// <summary>Nothing special.</summary>
    Plain,

    /// <summary>A heading.</summary>
    Heading,

    /// <summary>All is well.</summary>
    Good,

    /// <summary>Not as usual, but meant to be so.</summary>
    Notice,

    /// <summary>Something is wrong.</summary>
    Bad,

    /// <summary>Less important.</summary>
    Faint,
}
