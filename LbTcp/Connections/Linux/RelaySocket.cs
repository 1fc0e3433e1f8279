using System.Net;
using LbTcp.Diagnostics;

namespace LbTcp.Connections.Linux;

/// <summary>
/// A socket that lives on one <see cref="RelayThread"/>, from its registration to its close. This class knows whether the socket is open,
/// <see cref="ReactorSocket"/> whether it is ready or has failed, <see cref="StreamSocket"/> moves bytes, and
/// <see cref="EpollConnection"/> implements <see cref="IConnection"/>. They derive from each other so that a connection is one object:
/// composition would add two objects to each connection, idle ones included.
/// <para>
/// The object is its own lock, as another one would be one more object per connection. Code that uses the descriptor on another thread than
/// the home thread must hold it, and <see cref="Close"/> takes it: after the close the descriptor's number may belong to another socket.
/// </para>
/// </summary>
internal abstract class RelaySocket : IEventHandler
{
    /// <summary>Takes over a connected or connecting, non-blocking socket.</summary>
    protected RelaySocket(RelayThread home, int descriptor, ConnectionSide side)
    {
        Home = home;
        Socket = new LinuxSocket(descriptor);
        Side = side;
        if (side is ConnectionSide.Client)
            home.CountClient(1);
    }

    /// <summary>The thread that it lives on. From any thread.</summary>
    public RelayThread Home { get; }

    /// <summary>The side of its peer. From any thread.</summary>
    public ConnectionSide Side { get; }

    /// <summary>The descriptor; another socket's after the close.</summary>
    public int Descriptor => Socket.Descriptor;

    /// <summary>Whether the socket's events were asked for. From any thread.</summary>
    public bool IsRegistered { get; private set; }

    /// <summary>The system calls.</summary>
    protected LinuxSocket Socket { get; }

    /// <summary>Whether the socket was closed.</summary>
    protected bool IsClosed { get; private set; }

    public abstract void OnEvents(EpollEvents events);

    /// <summary>Asks the system about the TCP connection; false when the socket is closed. From any thread.</summary>
    public bool TryReadInfo(out TcpInfo info)
    {
        lock (this)
        {
            info = default;
            return !IsClosed && Socket.TryReadInfo(out info);
        }
    }

    /// <summary>Asks the system for this end's address; null when the socket is closed. From any thread.</summary>
    public EndPoint? ReadLocalEndPoint()
    {
        lock (this)
            return IsClosed ? null : Socket.LocalEndPoint();
    }

    /// <summary>Asks for the socket's events; it must be open. Called on the thread that made the socket, with the lock held.</summary>
    /// <returns>0, or the error number.</returns>
    protected int Register(EpollEvents events)
    {
        IsRegistered = true; // before the first event, which may come on the home thread before the call returns
        int errno = Home.Reactor.Add(Descriptor, this, events);
        IsRegistered = errno == 0;
        return errno;
    }

    /// <summary>Closes the socket, with a reset if it has to be. Further calls change nothing. On the home thread.</summary>
    protected void Close(bool isReset)
    {
        if (IsClosed)
            return;
        lock (this)
        {
            IsClosed = true;
            Home.Reactor.Remove(Descriptor, this); // before the close: the descriptor's number may be another socket's the moment after
            if (isReset)
                Socket.Reset();
            else
                Socket.Close();
        }

        if (Side is ConnectionSide.Client)
            Home.CountClient(-1);
    }
}
