using System.Net.Sockets;

namespace LbTcp.Connections.Linux;

/// <summary>
/// A listening socket as the reactors share it: all have it in their epoll sets, and the one that is woken accepts. The socket may be
/// closed at any time: each use of its descriptor holds the handle, as the number might otherwise belong to another socket.
/// </summary>
internal sealed class EpollListenSocket : IEventHandler
{
    private readonly ListenSocket _socket;
    private readonly SafeSocketHandle _handle;
    private readonly int _descriptor;
    private readonly HandlerTable _handlers;
    private readonly EpollListener?[] _listeners; // by the reactor's number; null when disposed
    private readonly ulong _token;
    private int _open;

    /// <summary>Makes one listener per thread.</summary>
    public EpollListenSocket(ListenSocket socket, HandlerTable handlers, IReadOnlyList<RelayThread> threads)
    {
        _socket = socket;
        _handle = socket.Socket.SafeHandle;
        _descriptor = (int)_handle.DangerousGetHandle();
        _handlers = handlers;
        _token = handlers.Add(_descriptor, this);
        _open = threads.Count;
        EpollListener[] listeners = [.. threads.Select(home => new EpollListener(this, home, threads))];
        _listeners = [.. listeners];
        Listeners = listeners;
    }

    /// <summary>The listeners, also after they were disposed.</summary>
    public IReadOnlyList<IConnectionListener> Listeners { get; }

    /// <summary>Fires right after the port was closed.</summary>
    public CancellationToken Closed => _socket.Closed;

    public void OnEvents(EpollEvents events) => Volatile.Read(ref _listeners[Reactor.Current!.Number])?.OnClientWaiting();

    /// <summary>Accepts a client that waits, to live at <paramref name="home"/>.</summary>
    /// <returns>An error, <see cref="SocketError.WouldBlock"/> when no client waits, or success with a connection.</returns>
    public SocketError Accept(RelayThread home, out EpollConnection? connection)
    {
        connection = null;
        if (!TryHold())
            return SocketError.OperationAborted;
        try
        {
            return EpollSockets.Accept(_descriptor, home, out connection);
        }
        finally
        {
            _handle.DangerousRelease();
        }
    }

    /// <summary>Makes <paramref name="reactor"/> report waiting clients, as long as there are any.</summary>
    public SocketError Watch(Reactor reactor)
    {
        if (!TryHold())
            return SocketError.OperationAborted;
        try
        {
            return Errno.ToSocketError(reactor.Watch(_descriptor, EpollEvents.Readable | EpollEvents.Exclusive, _token));
        }
        finally
        {
            _handle.DangerousRelease();
        }
    }

    /// <summary>Makes <paramref name="reactor"/> report no more clients: they wait in the system's queue.</summary>
    public void Unwatch(Reactor reactor)
    {
        if (!TryHold())
            return; // it is in no epoll set any more
        try
        {
            reactor.Unwatch(_descriptor);
        }
        finally
        {
            _handle.DangerousRelease();
        }
    }

    /// <summary>Forgets the listener of <paramref name="reactor"/>; called once by each.</summary>
    public void Remove(Reactor reactor)
    {
        Unwatch(reactor);
        Volatile.Write(ref _listeners[reactor.Number], null);
        if (Interlocked.Decrement(ref _open) == 0)
            _handlers.Remove(_descriptor, this);
    }

    private bool TryHold()
    {
        bool isHeld = false;
        try
        {
            _handle.DangerousAddRef(ref isHeld);
        }
        catch (ObjectDisposedException)
        {
            // The socket was closed; isHeld is false.
        }

        return isHeld;
    }
}
