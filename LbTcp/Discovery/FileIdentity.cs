using System.Buffers.Binary;
using LbTcp.Connections.Linux;

namespace LbTcp.Discovery;

/// <summary>
/// Examines a file without opening it, since opening a pipe waits for its writer. The framework does not report the type of a file, and
/// the layout of <c>struct stat</c> differs between processors; that of <c>statx(2)</c> does not.
/// </summary>
internal static unsafe class FileIdentity
{
    /// <summary>The size of an identity in bytes.</summary>
    public const int Size = 64;

    private const uint BasicStats = 0x7ff; // STATX_BASIC_STATS
    private const int TypeMask = 0xf000; // S_IFMT
    private const int RegularType = 0x8000; // S_IFREG
    private const int DirectoryType = 0x4000; // S_IFDIR

    /// <summary>Examines the file at <paramref name="path"/>; symbolic links are followed.</summary>
    /// <param name="path">The path.</param>
    /// <param name="identity">Receives mode, inode, size, times of change and device, in <see cref="Size"/> bytes.</param>
    /// <param name="size">The size in bytes.</param>
    public static FileKind Read(string path, Span<byte> identity, out long size)
    {
        size = 0;
        identity.Clear();
        if (!OperatingSystem.IsLinux())
            return ReadPortably(path, identity, out size);
        Span<byte> status = stackalloc byte[256];
        fixed (byte* buffer = status)
        {
            if (LinuxFiles.Status(LinuxFiles.WorkingDirectory, path, flags: 0, BasicStats, buffer) != 0)
                return FileKind.Missing;
        }

        int mode = BinaryPrimitives.ReadUInt16LittleEndian(status[28..]);
        size = BinaryPrimitives.ReadInt64LittleEndian(status[40..]);
        status.Slice(28, 2).CopyTo(identity); // stx_mode
        status.Slice(32, 16).CopyTo(identity[2..]); // stx_ino, stx_size
        status.Slice(96, 32).CopyTo(identity[18..]); // stx_ctime, stx_mtime
        status.Slice(136, 8).CopyTo(identity[50..]); // stx_dev_major, stx_dev_minor
        return (mode & TypeMask) switch
        {
            RegularType => FileKind.Regular,
            DirectoryType => FileKind.Directory,
            _ => FileKind.Other,
        };
    }

    private static FileKind ReadPortably(string path, Span<byte> identity, out long size)
    {
        var file = new FileInfo(path);
        if (file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target)
            file = target;
        size = file.Exists ? file.Length : 0;
        BinaryPrimitives.WriteInt64LittleEndian(identity, size);
        if (file.Exists)
            BinaryPrimitives.WriteInt64LittleEndian(identity[8..], file.LastWriteTimeUtc.Ticks);
        return file.Exists ? FileKind.Regular : Directory.Exists(path) ? FileKind.Directory : FileKind.Missing;
    }
}
