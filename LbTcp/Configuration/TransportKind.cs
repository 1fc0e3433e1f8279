namespace LbTcp.Configuration;

/// <summary>What moves the bytes, as the operator names it.</summary>
internal enum TransportKind
{
    /// <summary>The fastest that works on this system.</summary>
    Auto,

    /// <summary>Linux's epoll and splice; the fastest.</summary>
    Epoll,

    /// <summary>The framework's sockets; work everywhere.</summary>
    Sockets,
}
