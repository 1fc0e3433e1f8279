using System.Net.Sockets;

namespace LbTcp.Backends;

/// <summary>Receives the outcome of every dial of a backend for a client. Its members are called from any number of threads.</summary>
internal interface IConnectTracker
{
    /// <summary>
    /// Records that a connection to <paramref name="backend"/> was established. Neither locks nor allocates while dials succeed.
    /// </summary>
    void Reached(Backend backend);

    /// <summary>
    /// Records that no connection to <paramref name="backend"/> could be established. Not called if the client disconnected in the
    /// meantime.
    /// </summary>
    void Failed(Backend backend, SocketError error);

    /// <summary>
    /// Records that a connection to <paramref name="backend"/> was established and was of no use before any byte of a client was sent, such
    /// as by a TLS handshake that failed.
    /// </summary>
    void Failed(Backend backend, string reason);

    /// <summary>
    /// Records that <paramref name="backend"/> did not answer a dial for <paramref name="silence"/>, while another backend that was dialled
    /// later has answered promptly.
    /// </summary>
    void Unanswered(Backend backend, TimeSpan silence);
}
