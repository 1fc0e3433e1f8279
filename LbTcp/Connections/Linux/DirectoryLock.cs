namespace LbTcp.Connections.Linux;

/// <summary>
/// Makes processes of this program that open sockets in one directory take turns, see flock(2): one that has bound a socket and does not
/// listen yet would look to another one as if it had left its file behind. Other programs are free to ignore it.
/// </summary>
internal sealed class DirectoryLock : IDisposable
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(5);
    private const int Attempts = 400;

    private readonly int _descriptor;

    private DirectoryLock(int descriptor) => _descriptor = descriptor;

    /// <summary>
    /// Waits for the lock for up to two seconds, which is much longer than this program holds it. Blocks the thread.
    /// </summary>
    /// <returns>The lock; null if it was not acquired in that time, or the directory does not exist or must not be read.</returns>
    public static DirectoryLock? TryAcquire(string directory)
    {
        int descriptor = LinuxFiles.Open(directory, LinuxFiles.CloseOnExec);
        if (descriptor < 0)
            return null;
        for (int i = 0; i < Attempts; i++)
        {
            if (LinuxFiles.Lock(descriptor, LinuxFiles.LockExclusiveNonBlocking) == 0)
                return new DirectoryLock(descriptor);
            Thread.Sleep(_pause);
        }

        _ = LinuxCalls.Close(descriptor);
        return null;
    }

    public void Dispose() => _ = LinuxCalls.Close(_descriptor);
}
