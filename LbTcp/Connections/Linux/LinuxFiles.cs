using System.Runtime.InteropServices;

namespace LbTcp.Connections.Linux;

/// <summary>
/// The system calls for files, each as its man page describes it. After a result of -1 the error is
/// <see cref="LinuxCalls.Errno"/>.
/// </summary>
internal static unsafe partial class LinuxFiles
{
    public const int CloseOnExec = 0x80000; // O_RDONLY | O_CLOEXEC
    public const int LockExclusiveNonBlocking = 2 | 4; // LOCK_EX | LOCK_NB
    public const int WorkingDirectory = -100; // AT_FDCWD
    public const int NoFollow = 0x100; // AT_SYMLINK_NOFOLLOW
    public const int EmptyPath = 0x1000; // AT_EMPTY_PATH
    public const uint StatusTypeAndInode = 0x1 | 0x100; // STATX_TYPE | STATX_INO
    public const int WriteAccess = 2; // W_OK
    public const int ReadOnlyFileSystem = 30; // EROFS
    public const uint Unchanged = uint.MaxValue; // of an owner or a group

    private static readonly Lock _accounts = new(); // the look-ups return memory that the next one overwrites

    /// <summary>O_PATH | O_NOFOLLOW | O_CLOEXEC</summary>
    public static int PathNoFollowCloseOnExec { get; } = 0x200000 | CloseOnExec
        | (RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm ? 0x8000 : 0x20000);

    /// <summary>open(2)</summary>
    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    public static partial int Open(string path, int flags);

    /// <summary>flock(2)</summary>
    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    public static partial int Lock(int descriptor, int operation);

    /// <summary>statx(2)</summary>
    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    public static partial int Status(int directory, string path, int flags, uint mask, void* status);

    /// <summary>fchownat(2)</summary>
    [LibraryImport("libc", EntryPoint = "fchownat", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    public static partial int ChangeOwner(int directory, string path, uint owner, uint group, int flags);

    /// <summary>access(2)</summary>
    [LibraryImport("libc", EntryPoint = "access", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    public static partial int Access(string path, int mode);

    /// <summary>unlink(2)</summary>
    [LibraryImport("libc", EntryPoint = "unlink", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    public static partial int Unlink(string path);

    /// <summary>The id of a user, see getpwnam(3); null if there is none.</summary>
    public static uint? FindUser(string name)
    {
        lock (_accounts)
            return IdOf(GetUser(name));
    }

    /// <summary>The id of a group, see getgrnam(3); null if there is none.</summary>
    public static uint? FindGroup(string name)
    {
        lock (_accounts)
            return IdOf(GetGroup(name));
    }

    // struct passwd and struct group begin alike: name, password, id.
    private static uint? IdOf(void** entry) => entry is null ? null : *(uint*)(entry + 2);

    [LibraryImport("libc", EntryPoint = "getpwnam", StringMarshalling = StringMarshalling.Utf8)]
    private static partial void** GetUser(string name);

    [LibraryImport("libc", EntryPoint = "getgrnam", StringMarshalling = StringMarshalling.Utf8)]
    private static partial void** GetGroup(string name);
}
