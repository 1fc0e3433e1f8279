using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LbTcp.Tests.EndToEnd.Harness;

/// <summary>System calls about other processes and networks that .NET has no method for.</summary>
internal static partial class Posix
{
    public const int SigHup = 1;
    public const int SigInt = 2;
    public const int SigQuit = 3;
    public const int SigKill = 9;
    public const int SigUsr1 = 10;
    public const int SigTerm = 15;
    public const int SigCont = 18;
    public const int SigStop = 19;

    private const int NumberOfFiles = 7; // RLIMIT_NOFILE
    private const int NewNetwork = 0x40000000; // CLONE_NEWNET

    /// <summary>Sends a signal, see kill(2).</summary>
    public static void Kill(int pid, int signal)
    {
        if (KillCore(pid, signal) != 0)
            throw new Win32Exception();
    }

    /// <summary>Sets how many descriptors a process may have, see prlimit(2).</summary>
    /// <returns>How many it could have before.</returns>
    public static ulong LimitDescriptors(int pid, ulong limit)
    {
        if (PrLimit(pid, NumberOfFiles, 0, out Limits limits) != 0)
            throw new Win32Exception();
        ulong before = limits.Soft;
        limits.Soft = limit;
        return PrLimit(pid, NumberOfFiles, ref limits, 0) == 0 ? before : throw new Win32Exception();
    }

    /// <summary>Moves the calling thread into a network, see setns(2).</summary>
    public static void EnterNetwork(string path)
    {
        using SafeFileHandle network = File.OpenHandle(path);
        if (SetNamespace(network, NewNetwork) != 0)
            throw new Win32Exception();
    }

    /// <summary>
    /// A second descriptor for a socket of another process, see pidfd_getfd(2). To be closed soon: the socket is open as long as either is.
    /// </summary>
    public static Socket BorrowSocket(int pid, int descriptor)
    {
        using var process = new SafeFileHandle(OpenProcess(pid, 0), ownsHandle: true);
        int borrowed = process.IsInvalid ? -1 : GetDescriptor(process, descriptor, 0);
        return borrowed >= 0 ? new Socket(new SafeSocketHandle(borrowed, ownsHandle: true)) : throw new Win32Exception();
    }

    /// <summary>Sends bytes through a unix socket together with a descriptor, see sendmsg(2) and cmsg(3). On 64 bits.</summary>
    public static unsafe void SendWithDescriptor(Socket socket, ReadOnlySpan<byte> bytes, int descriptor)
    {
        const int Level = 1; // SOL_SOCKET
        const int Rights = 1; // SCM_RIGHTS
        int* control = stackalloc int[6] { 20, 0, Level, Rights, descriptor, 0 }; // struct cmsghdr: length of 64 bits, level, type; content
        fixed (byte* start = bytes)
        {
            nint* vector = stackalloc nint[2] { (nint)start, bytes.Length };
            nint* message = stackalloc nint[7] { 0, 0, (nint)vector, 1, (nint)control, 24, 0 }; // struct msghdr
            if (SendMessage((int)socket.Handle, message, 0) != bytes.Length)
                throw new Win32Exception();
        }
    }

    [LibraryImport("libc", EntryPoint = "sendmsg", SetLastError = true)]
    private static unsafe partial nint SendMessage(int descriptor, void* message, int flags);

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(SafeFileHandle descriptor, int kind);

    [LibraryImport("libc", EntryPoint = "pidfd_open", SetLastError = true)]
    private static partial int OpenProcess(int pid, uint flags);

    [LibraryImport("libc", EntryPoint = "pidfd_getfd", SetLastError = true)]
    private static partial int GetDescriptor(SafeFileHandle process, int descriptor, uint flags);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int KillCore(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "prlimit", SetLastError = true)]
    private static partial int PrLimit(int pid, int resource, nint newLimits, out Limits oldLimits);

    [LibraryImport("libc", EntryPoint = "prlimit", SetLastError = true)]
    private static partial int PrLimit(int pid, int resource, ref Limits newLimits, nint oldLimits);

    private struct Limits
    {
        public ulong Soft;
        public ulong Hard;
    }
}
