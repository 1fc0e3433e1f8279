using System.Runtime.InteropServices;

namespace LbTcp.Connections.Linux;

/// <summary>What identifies a file, as statx(2) reports it.</summary>
/// <param name="IsSocket">Whether it is a unix socket.</param>
/// <param name="Device">The file system.</param>
/// <param name="Inode">The number of the file in it.</param>
internal readonly record struct FileStatus(bool IsSocket, ulong Device, ulong Inode)
{
    // struct statx, the same on every architecture.
    private const int Size = 256;
    private const int ModeOffset = 28;
    private const int InodeOffset = 32;
    private const int DeviceOffset = 136;
    private const int TypeMask = 0xF000; // S_IFMT
    private const int SocketType = 0xC000; // S_IFSOCK

    /// <summary>Asks about an open file; null if the system does not tell.</summary>
    public static FileStatus? Of(int descriptor) => Read(descriptor, "", LinuxFiles.EmptyPath);

    /// <summary>Asks about the file at <paramref name="path"/>, a link itself; null if there is none.</summary>
    public static FileStatus? Of(string path) => Read(LinuxFiles.WorkingDirectory, path, LinuxFiles.NoFollow);

    /// <summary>Asks about the file or directory at <paramref name="path"/>, or the target of a link; null if there is none.</summary>
    public static FileStatus? OfTarget(string path) => Read(LinuxFiles.WorkingDirectory, path, flags: 0);

    private static unsafe FileStatus? Read(int directory, string path, int flags)
    {
        byte* raw = stackalloc byte[Size];
        if (LinuxFiles.Status(directory, path, flags, LinuxFiles.StatusTypeAndInode, raw) != 0)
            return null;
        var status = new ReadOnlySpan<byte>(raw, Size);
        return new FileStatus(
            (MemoryMarshal.Read<ushort>(status[ModeOffset..]) & TypeMask) == SocketType,
            MemoryMarshal.Read<ulong>(status[DeviceOffset..]),
            MemoryMarshal.Read<ulong>(status[InodeOffset..]));
    }
}
