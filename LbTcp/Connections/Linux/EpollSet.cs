using System.Runtime.InteropServices;

namespace LbTcp.Connections.Linux;

/// <summary>
/// An epoll instance. Every descriptor in it carries a token of 64 bits that comes back with its events; <c>struct epoll_event</c> is
/// packed on x86-64 and not elsewhere. Adding and removing may be done from any thread, waiting from one.
/// </summary>
internal sealed unsafe class EpollSet : IDisposable
{
    private const int Capacity = 256;

    private static readonly int _tokenOffset = RuntimeInformation.ProcessArchitecture is Architecture.X64 ? 4 : 8;
    private static readonly int _stride = _tokenOffset + sizeof(ulong);

    private readonly int _descriptor = LinuxCalls.EpollCreate(LinuxCalls.EpollCloseOnExec);
    private readonly byte* _events = (byte*)NativeMemory.AllocZeroed((nuint)(Capacity * _stride));

    /// <summary>Makes an empty set.</summary>
    /// <exception cref="PlatformNotSupportedException">The system has no epoll, or does not allow it.</exception>
    public EpollSet()
    {
        if (_descriptor < 0)
            throw new PlatformNotSupportedException($"epoll_create1 failed with errno {LinuxCalls.Errno}");
    }

    /// <summary>Adds a descriptor.</summary>
    /// <returns>0, or the error number.</returns>
    public int Add(int descriptor, EpollEvents events, ulong token)
    {
        byte* epollEvent = stackalloc byte[_stride];
        *(uint*)epollEvent = (uint)events;
        *(ulong*)(epollEvent + _tokenOffset) = token;
        return LinuxCalls.EpollControl(_descriptor, LinuxCalls.EpollAdd, descriptor, epollEvent) == 0 ? 0 : LinuxCalls.Errno;
    }

    /// <summary>Removes a descriptor; one that is not in the set is ignored.</summary>
    public void Remove(int descriptor)
    {
        byte* ignored = stackalloc byte[_stride]; // null would do since Linux 2.6.9
        _ = LinuxCalls.EpollControl(_descriptor, LinuxCalls.EpollDelete, descriptor, ignored);
    }

    /// <summary>Waits for events.</summary>
    /// <param name="milliseconds">How long to wait when there are none; -1 for as long as it takes.</param>
    /// <returns>How many there are, to be read with <see cref="Read"/> before the next wait.</returns>
    public int Wait(int milliseconds)
    {
        int count = LinuxCalls.EpollWait(_descriptor, _events, Capacity, milliseconds);
        if (count >= 0)
            return count;
        return LinuxCalls.Errno is LinuxCalls.Interrupted
            ? 0
            : throw new InvalidOperationException($"epoll_wait failed with errno {LinuxCalls.Errno}");
    }

    /// <summary>One event of the last wait.</summary>
    public (EpollEvents Events, ulong Token) Read(int index)
    {
        byte* epollEvent = _events + (index * _stride);
        return (*(EpollEvents*)epollEvent, *(ulong*)(epollEvent + _tokenOffset));
    }

    public void Dispose()
    {
        _ = LinuxCalls.Close(_descriptor);
        NativeMemory.Free(_events);
    }
}
