using Microsoft.Win32.SafeHandles;

namespace LbTcp.Diagnostics;

/// <summary>Descriptors 0, 1 and 2, which whoever starts this program may have closed, as in <c>lbtcp &gt;&amp;-</c>.</summary>
internal static class StandardStreams
{
    private const nint LastDescriptor = 2;

    /// <summary>
    /// Opens the null device in place of those that are closed. The number of a closed one would go to the next socket, and what is printed
    /// to a client. To be called before anything else is opened.
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

            handle.SetHandleAsInvalid(); // stays open as long as the process lives
        }
    }
}
