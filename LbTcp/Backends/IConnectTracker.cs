using System.Net.Sockets;

namespace LbTcp.Backends;

/// <summary>Receives the outcome of every attempt to connect a client to a backend. For any number of threads.</summary>
internal interface IConnectTracker
{
    /// <summary>
    /// Records that a connection to <paramref name="backend"/> was established, its TLS handshake included. Neither locks nor allocates
    /// while attempts succeed.
    /// </summary>
    void Reached(Backend backend);

    /// <summary>
    /// Records that no connection to <paramref name="backend"/> could be established. Not called if the client disconnected in the
    /// meantime.
    /// </summary>
    void Failed(Backend backend, SocketError error);

    /// <summary>
    /// Records that the TLS handshake with <paramref name="backend"/> failed. Not called if the client disconnected in the meantime.
    /// </summary>
    void Failed(Backend backend, string reason);

    /// <summary>
    /// Records that an attempt had no answer of <paramref name="backend"/> for <paramref name="silence"/>, while another backend that was
    /// dialled later has answered promptly.
    /// </summary>
    void Unanswered(Backend backend, TimeSpan silence);
}
