using System.Globalization;
using System.Runtime.Versioning;
using LbTcp.Configuration;

namespace LbTcp.Connections.Linux;

/// <summary>
/// The file of a unix socket that this process has bound, or that it replaces. It is known by a descriptor, so that whatever takes its
/// place at its path is neither changed nor deleted: as long as the descriptor is open, no other file has its number.
/// </summary>
internal sealed class UnixSocketFile : IDisposable
{
    private readonly UnixEndPoint _endPoint;
    private readonly int _descriptor;

    private UnixSocketFile(UnixEndPoint endPoint, int descriptor)
    {
        _endPoint = endPoint;
        _descriptor = descriptor;
    }

    /// <summary>Finds the file that is at the path now.</summary>
    /// <exception cref="ListenException">It is gone, or not a socket.</exception>
    public static UnixSocketFile Open(UnixEndPoint endPoint)
    {
        int descriptor = LinuxFiles.Open(endPoint.Path, LinuxFiles.PathNoFollowCloseOnExec);
        if (descriptor < 0)
            throw new ListenException(endPoint, SocketErrors.Describe(Errno.ToSocketError(LinuxCalls.Errno)));
        if (FileStatus.Of(descriptor) is { IsSocket: true })
            return new UnixSocketFile(endPoint, descriptor);
        _ = LinuxCalls.Close(descriptor);
        throw new ListenException(endPoint, "the file was replaced by another program");
    }

    /// <summary>Whether a path is that of a socket, not of a link to one.</summary>
    public static bool IsSocket(string path) => FileStatus.Of(path) is { IsSocket: true };

    /// <summary>Sets the owner, the group and the mode, as far as they are given.</summary>
    /// <exception cref="ListenException">There is no such user or group, or the system refuses.</exception>
    [SupportedOSPlatform("linux")]
    public void Set(UnixFileAccess access)
    {
        uint owner = IdOf(access.Owner, LinuxFiles.FindUser, "user");
        uint group = IdOf(access.Group, LinuxFiles.FindGroup, "group");
        if ((access.Owner ?? access.Group) is not null
            && LinuxFiles.ChangeOwner(_descriptor, "", owner, group, LinuxFiles.EmptyPath) != 0)
        {
            string reason = SocketErrors.Describe(Errno.ToSocketError(LinuxCalls.Errno));
            throw new ListenException(
                _endPoint, $"the file cannot be given to {access with { Mode = null }}: {reason}; that needs root or CAP_CHOWN");
        }

        if (access.Mode is { } mode)
            SetMode(mode);
    }

    /// <summary>Whether the file is still at its path, and no other one.</summary>
    public bool IsInPlace => FileStatus.Of(_descriptor) is { } own && own == FileStatus.Of(_endPoint.Path);

    /// <summary>Deletes the file, unless another one has its place.</summary>
    /// <returns>Whether it was deleted.</returns>
    public bool TryDelete() => IsInPlace && LinuxFiles.Unlink(_endPoint.Path) == 0;

    /// <summary>Forgets the file, which stays.</summary>
    public void Close() => _ = LinuxCalls.Close(_descriptor);

    /// <summary>Deletes the file, unless another one has its place.</summary>
    public void Dispose()
    {
        _ = TryDelete(); // not permitted: the next start replaces it
        Close();
    }

    // There is no call to change the mode of a file by a descriptor that it was not opened with, other than by this path (open(2), O_PATH).
    [SupportedOSPlatform("linux")]
    private void SetMode(UnixFileMode mode)
    {
        try
        {
            File.SetUnixFileMode(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{_descriptor}"), mode);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ListenException(_endPoint, $"the mode of the file cannot be set: {exception.Message.TrimEnd('.')}");
        }
    }

    private uint IdOf(string? name, Func<string, uint?> find, string kind) =>
        name is null ? LinuxFiles.Unchanged
        : uint.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out uint id) ? id
        : find(name) ?? throw new ListenException(_endPoint, $"there is no {kind} {Quoted.Text(name)} on this system");
}
