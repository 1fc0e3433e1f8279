using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using LbTcp.Diagnostics;

namespace LbTcp.Connections;

/// <summary>
/// One TCP connection, or one between unix sockets, to a client or to a backend, as a pair of pipes.
/// <para><c>Input</c> completes when the peer sent FIN and throws <see cref="ConnectionException"/> when the connection failed.</para>
/// <para>Completing <c>Output</c> without an error sends FIN and leaves reading open. With an error, also after a completion without one,
/// it resets the connection, so that a truncated stream never looks complete: <c>CompleteAsync</c> waits until the peer's system has
/// acknowledged everything written so far, <c>Complete</c> cannot wait and resets at once. The peer of a unix socket gets everything
/// written so far, and a reset only if bytes of its own were not read: the system has no other way (unix_release_sock in
/// net/unix/af_unix.c).</para>
/// <para>A connection lives on one thread, where <see cref="StartAsync"/> completes. Where that thread has a
/// <see cref="SynchronizationContext"/>, a plain <c>await</c> continues there; a transport without one serves calls on any thread.</para>
/// </summary>
internal interface IConnection : IDuplexPipe, IAsyncDisposable
{
    /// <summary>Whether the peer is a client (the connection was accepted) or a backend (it was dialled).</summary>
    ConnectionSide Side { get; }

    /// <summary>
    /// The peer's address; an IPv4 peer of a dual-stack listener is given as IPv4, the client of a unix socket as <see cref="UnixPeer"/>.
    /// </summary>
    EndPoint RemoteEndPoint { get; }

    /// <summary>
    /// This end's address, an IPv4 address as IPv4; null for a unix socket that was dialled, which has none. Costs a system call on the
    /// first read; may be read from any thread. After the connection was closed it is what an earlier read returned, and null if there was
    /// none; <see cref="Abort"/> of a connection to a backend reads it before the close.
    /// </summary>
    EndPoint? LocalEndPoint { get; }

    /// <summary>
    /// The state of the TCP connection; null if the system does not report it or the connection is closed. Costs a system call; may be read
    /// from any thread.
    /// </summary>
    TcpInfo? Info { get; }

    /// <summary>
    /// Whether the connection was reset or has failed, detected without reading; <see cref="Failure"/> is the cause if the system has
    /// reported it. May be read from any thread.
    /// </summary>
    bool IsReset { get; }

    /// <summary>The first failure that was noticed; <see cref="SocketError.Success"/> for none. May be read from any thread.</summary>
    SocketError Failure { get; }

    /// <summary>
    /// Completes on the thread that the connection lives on. Must be awaited before any other use of an accepted connection. A dialled
    /// connection has been started; starting a connection again only continues on its thread, at once when called there.
    /// </summary>
    /// <exception cref="ConnectionException">The system cannot serve the connection, or it has failed.</exception>
    ValueTask StartAsync();

    /// <summary>
    /// Sends the acknowledgement that completes the handshake if it was delayed, as it is for health checks (see
    /// <see cref="SocketTuning.ApplyToCheck"/>). Needed if the peer is to speak first: its program gets the connection only then. Must be
    /// called on the connection's thread.
    /// </summary>
    void AcknowledgeHandshake();

    /// <summary>
    /// Resets the connection at once (RST): pending reads and writes fail, unsent bytes are lost. May be called from any thread,
    /// repeatedly.
    /// </summary>
    void Abort();
}
