namespace LbTcp.Tests.Repository;

/// <summary>The files of the repository that these tests were built in.</summary>
internal static class RepositoryFiles
{
    private static readonly string[] _builtFolders = ["bin", "obj", "dist", "TestResults", "BenchmarkDotNet.Artifacts"];

    /// <summary>The folder of the solution.</summary>
    public static DirectoryInfo Root { get; } = FindRoot();

    /// <summary>The text of a file.</summary>
    /// <param name="path">Its path, relative to <see cref="Root"/>.</param>
    public static string Read(string path) => File.ReadAllText(Path.Combine(Root.FullName, path));

    /// <summary>The path of a file relative to <see cref="Root"/>.</summary>
    public static string PathOf(FileInfo file) => Path.GetRelativePath(Root.FullName, file.FullName);

    /// <summary>All files below a folder, without build outputs and hidden folders.</summary>
    /// <param name="folder">A folder relative to <see cref="Root"/>; empty for the whole repository.</param>
    public static IEnumerable<FileInfo> Below(string folder) => Below(new DirectoryInfo(Path.Combine(Root.FullName, folder)));

    private static IEnumerable<FileInfo> Below(DirectoryInfo folder) => folder
        .EnumerateDirectories()
        .Where(child => child.Name[0] != '.' && !_builtFolders.Contains(child.Name))
        .SelectMany(Below)
        .Concat(folder.EnumerateFiles());

    private static DirectoryInfo FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "LbTcp.sln")))
            folder = folder.Parent;
        return folder ?? throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} contains LbTcp.sln.");
    }
}
