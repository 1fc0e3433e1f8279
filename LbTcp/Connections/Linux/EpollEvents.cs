namespace LbTcp.Connections.Linux;

/// <summary>The events of epoll_ctl(2) that this transport asks for or receives.</summary>
[Flags]
internal enum EpollEvents : uint
{
    /// <summary>EPOLLIN: there is something to receive.</summary>
    Readable = 0x001,

    /// <summary>EPOLLPRI: there is urgent data in the stream.</summary>
    Urgent = 0x002,

    /// <summary>EPOLLOUT: there is room to send.</summary>
    Writable = 0x004,

    /// <summary>EPOLLERR: the connection failed.</summary>
    Error = 0x008,

    /// <summary>EPOLLHUP: both directions have ended.</summary>
    HangUp = 0x010,

    /// <summary>EPOLLRDHUP: the peer has sent FIN.</summary>
    PeerFinished = 0x2000,

    /// <summary>EPOLLEXCLUSIVE: of all that wait for a listening socket, not every one is woken.</summary>
    Exclusive = 1u << 28,

    /// <summary>EPOLLET: an event is reported once, when it happens.</summary>
    EdgeTriggered = 1u << 31,
}
