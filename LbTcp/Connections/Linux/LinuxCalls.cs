using System.Runtime.InteropServices;

namespace LbTcp.Connections.Linux;

/// <summary>
/// The system calls of the fast transport, each as its man page describes it. After a result of -1 the error is <see cref="Errno"/>.
/// </summary>
internal static unsafe partial class LinuxCalls
{
    public const int Interrupted = 4; // EINTR
    public const int WouldBlock = 11; // EAGAIN
    public const int InvalidArgument = 22; // EINVAL
    public const int InProgress = 115; // EINPROGRESS

    public const int EpollCloseOnExec = 0x80000; // EPOLL_CLOEXEC
    public const int EpollAdd = 1; // EPOLL_CTL_ADD
    public const int EpollDelete = 2; // EPOLL_CTL_DEL

    public const int EventCloseOnExec = 0x80000; // EFD_CLOEXEC
    public const int EventNonBlocking = 0x800; // EFD_NONBLOCK

    public const int Unix = 1; // AF_UNIX
    public const int Inet = 2; // AF_INET
    public const int Inet6 = 10; // AF_INET6
    public const int StreamNonBlockingCloseOnExec = 1 | 0x800 | 0x80000; // SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC
    public const int AcceptNonBlockingCloseOnExec = 0x800 | 0x80000; // SOCK_NONBLOCK | SOCK_CLOEXEC
    public const int NoSignal = 0x4000; // MSG_NOSIGNAL
    public const int ShutWrite = 1; // SHUT_WR

    public const int IpLevel = 0; // IPPROTO_IP
    public const int SocketLevel = 1; // SOL_SOCKET
    public const int TcpLevel = 6; // IPPROTO_TCP
    public const int SocketError = 4; // SO_ERROR
    public const int KeepAlive = 9; // SO_KEEPALIVE
    public const int Linger = 13; // SO_LINGER
    public const int TcpNoDelay = 1; // TCP_NODELAY
    public const int TcpKeepIdle = 4; // TCP_KEEPIDLE
    public const int TcpKeepInterval = 5; // TCP_KEEPINTVL
    public const int TcpKeepCount = 6; // TCP_KEEPCNT

    public const int PipeNonBlockingCloseOnExec = 0x800 | 0x80000; // O_NONBLOCK | O_CLOEXEC
    public const int SetPipeSize = 1031; // F_SETPIPE_SZ
    public const int GetPipeSize = 1032; // F_GETPIPE_SZ
    public const uint SpliceMoveNonBlocking = 1 | 2; // SPLICE_F_MOVE | SPLICE_F_NONBLOCK

    /// <summary>The error number of this thread's last failed call.</summary>
    public static int Errno => Marshal.GetLastPInvokeError();

    /// <summary>epoll_create1(2)</summary>
    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    public static partial int EpollCreate(int flags);

    /// <summary>epoll_ctl(2)</summary>
    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    public static partial int EpollControl(int epoll, int operation, int descriptor, void* epollEvent);

    /// <summary>epoll_wait(2)</summary>
    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    public static partial int EpollWait(int epoll, void* events, int count, int timeoutMilliseconds);

    /// <summary>eventfd(2)</summary>
    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    public static partial int EventDescriptor(uint initial, int flags);

    /// <summary>read(2)</summary>
    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int descriptor, void* buffer, nuint count);

    /// <summary>write(2)</summary>
    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int descriptor, void* buffer, nuint count);

    /// <summary>accept4(2)</summary>
    [LibraryImport("libc", EntryPoint = "accept4", SetLastError = true)]
    public static partial int Accept(int descriptor, void* address, int* addressLength, int flags);

    /// <summary>socket(2)</summary>
    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    public static partial int Socket(int family, int type, int protocol);

    /// <summary>bind(2)</summary>
    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    public static partial int Bind(int descriptor, void* address, int addressLength);

    /// <summary>connect(2)</summary>
    [LibraryImport("libc", EntryPoint = "connect", SetLastError = true)]
    public static partial int Connect(int descriptor, void* address, int addressLength);

    /// <summary>getsockname(2)</summary>
    [LibraryImport("libc", EntryPoint = "getsockname", SetLastError = true)]
    public static partial int GetSocketName(int descriptor, void* address, int* addressLength);

    /// <summary>getsockopt(2)</summary>
    [LibraryImport("libc", EntryPoint = "getsockopt", SetLastError = true)]
    public static partial int GetSocketOption(int descriptor, int level, int name, void* value, int* length);

    /// <summary>setsockopt(2)</summary>
    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    public static partial int SetSocketOption(int descriptor, int level, int name, void* value, int length);

    /// <summary>recv(2)</summary>
    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    public static partial nint Receive(int descriptor, void* buffer, nuint count, int flags);

    /// <summary>send(2)</summary>
    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    public static partial nint Send(int descriptor, void* buffer, nuint count, int flags);

    /// <summary>splice(2)</summary>
    [LibraryImport("libc", EntryPoint = "splice", SetLastError = true)]
    public static partial nint Splice(int from, long* fromOffset, int to, long* toOffset, nuint count, uint flags);

    /// <summary>pipe2(2)</summary>
    [LibraryImport("libc", EntryPoint = "pipe2", SetLastError = true)]
    public static partial int Pipe(int* descriptors, int flags);

    /// <summary>fcntl(2) with an integer argument</summary>
    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    public static partial int Control(int descriptor, int command, nint argument);

    /// <summary>shutdown(2)</summary>
    [LibraryImport("libc", EntryPoint = "shutdown", SetLastError = true)]
    public static partial int Shutdown(int descriptor, int how);

    /// <summary>close(2)</summary>
    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int descriptor);
}
