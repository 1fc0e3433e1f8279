using System.Globalization;

namespace LbTcp.Hosting;

/// <summary>
/// How many file descriptors this process may have open, the soft RLIMIT_NOFILE. The runtime raises it to the hard limit at start.
/// </summary>
internal static class DescriptorLimit
{
    private const string LimitsFile = "/proc/self/limits";
    private const string OpenDescriptors = "/proc/self/fd";
    private const string LimitsRow = "Max open files";

    /// <summary>The limit; <see cref="long.MaxValue"/> for none, null where the system does not say (it is not Linux).</summary>
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

    /// <summary>How many descriptors this process has open now; 0 where the system does not say.</summary>
    public static int CountOpen()
    {
        try
        {
            return Directory.GetFileSystemEntries(OpenDescriptors).Length;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    /// <summary>The limit from the text of proc_pid_limits(5).</summary>
    public static long? Parse(string limits)
    {
        string? row = limits.Split('\n').FirstOrDefault(line => line.StartsWith(LimitsRow, StringComparison.Ordinal));
        string? soft = row?[LimitsRow.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        if (soft == "unlimited")
            return long.MaxValue;
        return long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out long limit) ? limit : null;
    }
}
