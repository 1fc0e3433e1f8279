using System.Net;
using LbTcp.Diagnostics;

namespace LbTcp.Connections.Linux;

/// <summary>
/// A socket that lives on one <see cref="RelayThread"/>, from its registration to its close. The layers of a connection derive from each
/// other instead of holding each other, since every object counts in an idle connection: this one knows whether the socket is open,
/// <see cref="ReactorSocket"/> whether it is ready or has failed, <see cref="StreamSocket"/> moves bytes, and
/// <see cref="EpollConnection"/> keeps the promises of <see cref="IConnection"/>.
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

    /// <summary>The system calls.</summary>
    protected LinuxSocket Socket { get; }

    /// <summary>Whether the socket was closed.</summary>
    protected bool IsClosed { get; private set; }

    public abstract void OnEvents(EpollEvents events);

    /// <summary>Asks the system about the TCP connection; false when the socket is closed. From any thread.</summary>
    public bool TryReadInfo(out TcpInfo info)
    {
        lock (this) // against a close, after which the descriptor is another's; see Register
        {
            info = default;
            return !IsClosed && Socket.TryReadInfo(out info);
        }
    }

    /// <summary>Asks the system for this end's address; null when the socket is closed. From any thread.</summary>
    public IPEndPoint? ReadLocalEndPoint()
    {
        lock (this) // as above
            return IsClosed ? null : Socket.LocalEndPoint();
    }

    /// <summary>Asks for the socket's events, unless it is closed. Called on the thread that made the socket.</summary>
    /// <param name="events">The events.</param>
    /// <param name="prepare">Runs before the first event can come, and not when the socket is closed.</param>
    /// <param name="state">What <paramref name="prepare"/> is given.</param>
    /// <returns>0, the error number, or -1 when the socket is closed.</returns>
    protected int Register<T>(EpollEvents events, Action<RelaySocket, T> prepare, T state)
    {
        lock (this) // against a close on the home thread; the object is its own lock, as another one would cost memory per connection
        {
            if (IsClosed)
                return -1;
            prepare(this, state);
            return Home.Reactor.Add(Descriptor, this, events);
        }
    }

    /// <summary>Closes the socket, with a reset if it has to be. Further calls change nothing. On the home thread.</summary>
    protected void Close(bool isReset)
    {
        if (IsClosed)
            return;
        lock (this) // against a registration and questions from other threads
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
