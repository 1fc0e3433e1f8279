namespace LbTcp.Tests.TestDoubles;

/// <summary>The working copy that the tests belong to.</summary>
internal static class SourceTree
{
    /// <summary>The directory of the solution.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        DirectoryInfo? directory = new(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "LbTcp.sln")))
            directory = directory.Parent;
        return directory?.FullName ?? throw new InvalidOperationException("The tests do not run within the repository.");
    }
}
