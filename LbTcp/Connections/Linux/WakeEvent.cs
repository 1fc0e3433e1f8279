namespace LbTcp.Connections.Linux;

/// <summary>
/// Wakes a reactor from another thread, by an eventfd(2) in its epoll set. Written to once for any number of signals that come before the
/// reactor has noticed.
/// </summary>
internal sealed unsafe class WakeEvent : IEventHandler, IDisposable
{
    private int _isDue;

    /// <summary>Opens the descriptor.</summary>
    /// <exception cref="PlatformNotSupportedException">The system has no eventfd, or does not allow it.</exception>
    public WakeEvent()
    {
        if (Descriptor < 0)
            throw new PlatformNotSupportedException($"eventfd failed with errno {LinuxCalls.Errno}");
    }

    /// <summary>The descriptor, to be watched for <see cref="EpollEvents.Readable"/>.</summary>
    public int Descriptor { get; } = LinuxCalls.EventDescriptor(0, LinuxCalls.EventCloseOnExec | LinuxCalls.EventNonBlocking);

    /// <summary>Wakes the reactor. From any thread.</summary>
    public void Signal()
    {
        if (Interlocked.Exchange(ref _isDue, 1) != 0)
            return;
        ulong one = 1;
        _ = LinuxCalls.Write(Descriptor, &one, sizeof(ulong));
    }

    // The flag falls before the reactor empties its queue: a post from here on is either seen there or signals again.
    public void OnEvents(EpollEvents events)
    {
        ulong ignored;
        _ = LinuxCalls.Read(Descriptor, &ignored, sizeof(ulong));
        Volatile.Write(ref _isDue, 0);
        Interlocked.MemoryBarrier();
    }

    /// <summary>Closes the descriptor; signals that come later do nothing. On the reactor's thread.</summary>
    public void Dispose()
    {
        // A thread that has raised the flag is about to write: the descriptor's number must not be another's by then.
        if (Interlocked.Exchange(ref _isDue, 1) != 0)
        {
            ulong ignored;
            while (LinuxCalls.Read(Descriptor, &ignored, sizeof(ulong)) < 0)
                Thread.Yield();
        }

        _ = LinuxCalls.Close(Descriptor);
    }
}
