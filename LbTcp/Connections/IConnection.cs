using System.IO.Pipelines;
using System.Net;

namespace LbTcp.Connections;

/// <summary>
/// One TCP connection, to a client or to a backend, as a pair of pipes.
/// <para><c>Input</c> completes when the peer sent FIN and throws <see cref="ConnectionException"/> when the connection failed.</para>
/// <para>Completing <c>Output</c> without an error sends FIN and leaves reading open. Completing it asynchronously with an error, which may
/// follow a completion without one, lets the peer have everything written so far, then resets: a truncated stream never looks
/// complete.</para>
/// </summary>
internal interface IConnection : IDuplexPipe, IAsyncDisposable
{
    /// <summary>The peer's address and port; an IPv4 peer of a dual-stack listener is given as IPv4.</summary>
    IPEndPoint RemoteEndPoint { get; }

    /// <summary>Bytes taken from the socket so far. May be read from any thread while bytes move.</summary>
    long BytesReceived { get; }

    /// <summary>Bytes the socket took so far. May be read from any thread while bytes move.</summary>
    long BytesSent { get; }

    /// <summary>
    /// Bytes the peer's system has acknowledged, or 0 where this system does not tell. Unlike <see cref="BytesSent"/> it grows as a slow
    /// peer reads. Costs a system call; may be asked from any thread.
    /// </summary>
    long BytesAcknowledged { get; }

    /// <summary>Whether the peer has reset the connection, found out without reading. May be asked from any thread.</summary>
    bool IsReset { get; }

    /// <summary>Completes on the thread that the connection lives on, where everything about it has to run. Await it once, before all else.</summary>
    /// <exception cref="ConnectionException">The system cannot serve the connection.</exception>
    ValueTask StartAsync();

    /// <summary>
    /// Completes on the thread that the connection lives on. To be awaited after anything that may have completed elsewhere, before the
    /// connection is used or a backend is dialled for it.
    /// </summary>
    ValueTask ReturnAsync();

    /// <summary>Resets the connection at once (RST): pending reads and writes fail, unsent bytes are lost. May be called from any thread, repeatedly.</summary>
    void Abort();
}
