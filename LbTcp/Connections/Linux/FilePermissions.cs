using System.Runtime.InteropServices;

namespace LbTcp.Connections.Linux;

/// <summary>Who may use a file or a directory, as statx(2) reports it.</summary>
/// <param name="IsFile">Whether it is a regular file.</param>
/// <param name="Mode">The permissions.</param>
/// <param name="Owner">The user that it belongs to.</param>
/// <param name="Group">The group that it belongs to.</param>
internal readonly record struct FilePermissions(bool IsFile, UnixFileMode Mode, uint Owner, uint Group)
{
    // struct statx, the same on every architecture.
    private const int Size = 256;
    private const int OwnerOffset = 20;
    private const int GroupOffset = 24;
    private const int ModeOffset = 28;
    private const int TypeMask = 0xF000; // S_IFMT
    private const int RegularType = 0x8000; // S_IFREG
    private const uint TypeModeAndOwners = 0x1 | 0x2 | 0x8 | 0x10; // STATX_TYPE | STATX_MODE | STATX_UID | STATX_GID

    /// <summary>Reads the permissions of what a path leads to; null if there is nothing, or if the system does not tell.</summary>
    public static unsafe FilePermissions? Of(string path)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        byte* raw = stackalloc byte[Size];
        if (LinuxFiles.Status(LinuxFiles.WorkingDirectory, path, flags: 0, TypeModeAndOwners, raw) != 0)
            return null;
        var status = new ReadOnlySpan<byte>(raw, Size);
        ushort mode = MemoryMarshal.Read<ushort>(status[ModeOffset..]);
        return new FilePermissions(
            (mode & TypeMask) == RegularType,
            (UnixFileMode)(mode & ~TypeMask),
            MemoryMarshal.Read<uint>(status[OwnerOffset..]),
            MemoryMarshal.Read<uint>(status[GroupOffset..]));
    }

    /// <summary>Whether the file system is mounted without the right to write, as a ConfigMap of Kubernetes is.</summary>
    public static bool IsReadOnly(string path) =>
        LinuxFiles.Access(path, LinuxFiles.WriteAccess) != 0 && LinuxCalls.Errno == LinuxFiles.ReadOnlyFileSystem;
}
