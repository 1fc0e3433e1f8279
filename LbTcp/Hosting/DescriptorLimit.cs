using System.Globalization;
using System.IO.Enumeration;

namespace LbTcp.Hosting;

/// <summary>
/// Reads the maximum number of open file descriptors of this process, the soft RLIMIT_NOFILE. The runtime raises it to the hard limit at
/// start.
/// </summary>
internal static class DescriptorLimit
{
    /// <summary>The usual default of systems, for a system that does not report its limit.</summary>
    public const long Assumed = 1024;

    private const string LimitsFile = "/proc/self/limits";
    private const string OpenDescriptors = "/proc/self/fd";
    private const string LimitsRow = "Max open files";

    /// <summary>Returns the limit; <see cref="long.MaxValue"/> for none, null if the system does not report it (it is not Linux).</summary>
    public static long? Read()
    {
        try
        {
            return Parse(File.ReadAllText(LimitsFile));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Returns the number of descriptors that are open now; 0 if the system does not report it.</summary>
    public static int CountOpen()
    {
        try
        {
            return new FileSystemEnumerable<byte>(OpenDescriptors, (ref FileSystemEntry _) => 0).Count();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    /// <summary>Parses the limit from the text of /proc/self/limits (proc_pid_limits(5)).</summary>
    public static long? Parse(string limits)
    {
        string? row = limits.Split('\n').FirstOrDefault(line => line.StartsWith(LimitsRow, StringComparison.Ordinal));
        string? soft = row?[LimitsRow.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        if (soft == "unlimited")
            return long.MaxValue;
        return long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out long limit) ? limit : null;
    }
}
