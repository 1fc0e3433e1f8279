using Microsoft.Win32.SafeHandles;

namespace LbTcp.Diagnostics;

/// <summary>The standard descriptors 0, 1 and 2, which may be closed when the process starts, as in <c>lbtcp &gt;&amp;-</c>.</summary>
internal static class StandardStreams
{
    private const nint LastDescriptor = 2;

    /// <summary>
    /// Opens the null device for those that are closed. Otherwise the next socket would get the number of a closed one, and output would be
    /// sent to a client. Must be called before anything else is opened.
    /// </summary>
    public static void FillClosed()
    {
        if (OperatingSystem.IsWindows())
            return;
        while (true)
        {
            SafeFileHandle handle = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            if (handle.DangerousGetHandle() > LastDescriptor)
            {
                handle.Dispose();
                return;
            }

            handle.SetHandleAsInvalid(); // stays open while the process runs
        }
    }
}
