namespace LbTcp.Discovery;

/// <summary>What is found at the path of a watched file.</summary>
internal enum FileKind
{
    /// <summary>Nothing, or it cannot be examined.</summary>
    Missing,

    /// <summary>A regular file, which can be read any number of times.</summary>
    Regular,

    /// <summary>A directory.</summary>
    Directory,

    /// <summary>A pipe or a device; the content of a pipe can be read once only.</summary>
    Other,
}
