using LbTcp.Configuration;
using LbTcp.Diagnostics;

namespace LbTcp.Hosting;

/// <summary>
/// Verifies that the system grants what the process needs to start. Without that, the runtime would end the process somewhere in the
/// middle, with a stack trace: it cannot report a thread of its own that the system refuses.
/// </summary>
internal static class StartRequirements
{
    // For the thread pool, timers, signals, logs, health checks and the portable sockets. The transport adds one per processor.
    private const int OtherThreads = 11;
    private const int OtherDescriptors = 10;
    private const int DescriptorsPerThread = 3; // epoll, its wake-up event, a listening socket

    /// <summary>Verifies the limits of this process.</summary>
    /// <exception cref="StartException">The system grants less than the process needs; the message says which limit to raise.</exception>
    public static void Verify(HostOptions options)
    {
        int threads = options.TransportKind is TransportKind.Sockets ? 0 : Environment.ProcessorCount;
        VerifyDescriptors(DescriptorLimit.Read(), DescriptorLimit.CountOpen(), threads);
        VerifyThreads(OtherThreads + threads);
    }

    /// <summary>Verifies a descriptor limit.</summary>
    /// <param name="limit">The number of descriptors that the process may open; null if unknown.</param>
    /// <param name="open">The number of descriptors that are open.</param>
    /// <param name="threads">The number of threads of the transport.</param>
    /// <exception cref="StartException">The limit is too low.</exception>
    public static void VerifyDescriptors(long? limit, int open, int threads)
    {
        int needed = open + OtherDescriptors + (DescriptorsPerThread * threads);
        if (limit < needed)
        {
            throw new StartException(
                $"The limit of {limit} file descriptors is too low, at least {needed} are needed. "
                + "Raise it with 'ulimit -n' or LimitNOFILE.",
                isConfigurationError: false);
        }
    }

    /// <summary>Opens the log file.</summary>
    /// <param name="path">Its path; null for none.</param>
    /// <exception cref="StartException">It cannot be opened.</exception>
    public static LogFileStream? OpenLogFile(string? path)
    {
        try
        {
            return path is null ? null : new LogFileStream(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartException(
                $"Cannot open the log file {SafeText.Escape(path!)}: {LogFileStream.Explain(path!, exception)}.",
                isConfigurationError: false);
        }
    }

    // The stacks are only reserved, so this costs well under a millisecond and no memory.
    private static void VerifyThreads(int count)
    {
        using var end = new ManualResetEvent(initialState: false);
        var threads = new List<Thread>(count);
        try
        {
            while (threads.Count < count)
            {
                var thread = new Thread(() => end.WaitOne()) { IsBackground = true, Name = "start check" };
                thread.Start();
                threads.Add(thread);
            }
        }
        catch (OutOfMemoryException)
        {
            throw OutOfResources();
        }
        finally
        {
            _ = end.Set();
            threads.ForEach(thread => thread.Join());
        }
    }

    /// <summary>The system has refused a thread or memory.</summary>
    public static StartException OutOfResources() => new(
        "The system refuses further threads or memory. Raise the limit of processes ('ulimit -u', TasksMax), of address space "
        + "('ulimit -v') or of the container.",
        isConfigurationError: false);
}
