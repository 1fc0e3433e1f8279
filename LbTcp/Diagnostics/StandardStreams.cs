using System.Text;
using Microsoft.Win32.SafeHandles;

namespace LbTcp.Diagnostics;

/// <summary>The standard descriptors 0, 1 and 2, which may be closed when the process starts, as in <c>lbtcp &gt;&amp;-</c>.</summary>
internal static class StandardStreams
{
    private const nint LastDescriptor = 2;

    /// <summary>
    /// Opens the null device, or the program's own file where there is none, for those that are closed. Otherwise the next socket would get
    /// the number of a closed one, and output would be sent to a client. Must be called before anything else is opened.
    /// </summary>
    public static void FillClosed()
    {
        if (OperatingSystem.IsWindows())
            return;
        while ((TryOpen("/dev/null", FileAccess.ReadWrite) ?? TryOpen(Environment.ProcessPath, FileAccess.Read)) is { } handle)
        {
            if (handle.DangerousGetHandle() > LastDescriptor)
            {
                handle.Dispose();
                return;
            }

            handle.SetHandleAsInvalid(); // stays open while the process runs
        }
    }

    /// <summary>Writes to standard error without the console, which needs a thread of its own to set up.</summary>
    /// <exception cref="IOException">Standard error is closed or full.</exception>
    public static void WriteError(string text)
    {
        using var error = new SafeFileHandle(LastDescriptor, ownsHandle: false);
        using var stream = new FileStream(error, FileAccess.Write, bufferSize: 0);
        stream.Write(Encoding.UTF8.GetBytes(text));
    }

    private static SafeFileHandle? TryOpen(string? path, FileAccess access)
    {
        try
        {
            return path is null ? null : File.OpenHandle(path, FileMode.Open, access, FileShare.ReadWrite);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
