namespace LbTcp.Cli.Completion;

/// <summary>What a value is, for a shell that completes it.</summary>
internal enum ValueKind
{
    /// <summary>There is no value.</summary>
    None,

    /// <summary>One of a few words.</summary>
    Word,

    /// <summary>A backend of the running process.</summary>
    Backend,

    /// <summary>A service of the running process.</summary>
    Service,

    /// <summary>The path of a file.</summary>
    File,

    /// <summary>Something that cannot be completed.</summary>
    Other,
}
