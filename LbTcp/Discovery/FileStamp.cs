using System.Buffers.Binary;
using System.Security.Cryptography;

namespace LbTcp.Discovery;

/// <summary>
/// The state of a file at one time: two stamps are equal as long as the file has not changed. Symbolic links are followed, so that a link
/// that is set to another file counts as a change.
/// </summary>
/// <param name="Kind">What the path leads to.</param>
/// <param name="Fingerprint">
/// A hash of device, inode, size and times, and of the content of a small file: on some network mounts the times do not change with the
/// content. 0 unless the file is regular.
/// </param>
internal readonly record struct FileStamp(FileKind Kind, UInt128 Fingerprint)
{
    // A file of this size is read and hashed in about 50 us; one that is larger relies on size and times.
    private const long LargestHashed = 64 * 1024;

    /// <summary>Reads the stamp of the file at <paramref name="path"/>; never waits for the writer of a pipe.</summary>
    public static FileStamp Read(string path)
    {
        Span<byte> identity = stackalloc byte[FileIdentity.Size];
        FileKind kind = FileIdentity.Read(path, identity, out long size);
        if (kind is not FileKind.Regular)
            return new FileStamp(kind, 0);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(identity);
        if (size <= LargestHashed)
            AppendContent(hash, path);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        _ = hash.GetHashAndReset(digest);
        return new FileStamp(kind, BinaryPrimitives.ReadUInt128LittleEndian(digest));
    }

    private static void AppendContent(IncrementalHash hash, string path)
    {
        try
        {
            hash.AppendData(File.ReadAllBytes(path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Missing or unreadable: reported when the configuration is read. The identity changes when the file can be read again.
        }
    }
}
