using System.Globalization;
using System.Runtime.InteropServices;

namespace LbTcp.Connections.Linux;

/// <summary>Identifies threads of this process to the system, and reads how long they have used a processor.</summary>
internal static partial class LinuxThreads
{
    /// <summary>
    /// Returns the number of the calling thread, gettid(2); 0 if the C library does not have the call (glibc before 2.30).
    /// </summary>
    public static int CurrentId()
    {
        try
        {
            return GetThreadId();
        }
        catch (EntryPointNotFoundException)
        {
            return 0;
        }
    }

    /// <summary>Returns how long a thread has used a processor, by its number; null if the system does not tell.</summary>
    public static TimeSpan? ReadProcessorTime(int thread)
    {
        try
        {
            return ParseProcessorTime(File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/self/task/{thread}/schedstat")));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>
    /// Parses the text of /proc/pid/task/tid/schedstat (Documentation/scheduler/sched-stats.rst of Linux): nanoseconds on a processor,
    /// nanoseconds of waiting for one, and the number of time slices.
    /// </summary>
    public static TimeSpan? ParseProcessorTime(string text) =>
        long.TryParse(text.Split(' ')[0], NumberStyles.None, CultureInfo.InvariantCulture, out long nanoseconds)
            ? TimeSpan.FromTicks(nanoseconds / TimeSpan.NanosecondsPerTick)
            : null;

    [LibraryImport("libc", EntryPoint = "gettid")]
    private static partial int GetThreadId();
}
