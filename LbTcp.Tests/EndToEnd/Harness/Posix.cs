using System.ComponentModel;
using System.Runtime.InteropServices;

namespace LbTcp.Tests.EndToEnd.Harness;

/// <summary>System calls about another process that .NET has no method for.</summary>
internal static partial class Posix
{
    public const int SigHup = 1;
    public const int SigInt = 2;
    public const int SigQuit = 3;
    public const int SigKill = 9;
    public const int SigTerm = 15;
    public const int SigCont = 18;
    public const int SigStop = 19;

    private const int NumberOfFiles = 7; // RLIMIT_NOFILE

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
