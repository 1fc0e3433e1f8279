namespace LbTcp.Configuration;

/// <summary>The socket implementation that relays bytes.</summary>
internal enum TransportKind
{
    /// <summary>The fastest that is available.</summary>
    Auto,

    /// <summary>epoll and splice of Linux; the fastest.</summary>
    Epoll,

    /// <summary>The framework's sockets, on every system.</summary>
    Sockets,
}
