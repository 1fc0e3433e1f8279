using LbTcp.Configuration;
using LbTcp.Connections.Linux;

namespace LbTcp.Connections;

/// <summary>Compares unix sockets by their files: a path may lead to the same file as another one, by links or by <c>..</c>.</summary>
internal static class UnixPaths
{
    /// <summary>
    /// Returns whether two addresses are one socket now: they are equal, or their files are the same. Files that do not exist yet are the
    /// same if they have the same name in the same directory.
    /// </summary>
    public static bool AreSame(UnixEndPoint one, UnixEndPoint other) =>
        one.Equals(other)
        || (OperatingSystem.IsLinux() && IsFile(one) && IsFile(other)
            && (IsSameFile(one.Path, other.Path) || IsSamePlace(one.Path, other.Path)));

    private static bool IsFile(UnixEndPoint endPoint) => endPoint is { IsAbstract: false, IsUnnamed: false };

    private static bool IsSameFile(string one, string other) =>
        FileStatus.OfTarget(one) is { } status && status == FileStatus.OfTarget(other);

    private static bool IsSamePlace(string one, string other)
    {
        one = Target(one);
        other = Target(other);
        return Path.GetFileName(one) == Path.GetFileName(other)
            && FileStatus.OfTarget(Path.GetDirectoryName(one) ?? "/") is { } directory
            && directory == FileStatus.OfTarget(Path.GetDirectoryName(other) ?? "/");
    }

    // The target of a link may be a file that does not exist.
    private static string Target(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return path; // no such file
        }
    }
}
