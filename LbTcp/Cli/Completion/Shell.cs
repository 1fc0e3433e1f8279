namespace LbTcp.Cli.Completion;

/// <summary>A shell that completes words.</summary>
internal enum Shell
{
    /// <summary>GNU bash.</summary>
    Bash,

    /// <summary>The Z shell.</summary>
    Zsh,

    /// <summary>fish.</summary>
    Fish,
}
