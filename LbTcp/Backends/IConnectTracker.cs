using System.Net.Sockets;

namespace LbTcp.Backends;

/// <summary>Is notified of the outcome of every dial of a backend for a client. Called from any number of threads.</summary>
internal interface IConnectTracker
{
    /// <summary>A connection to <paramref name="backend"/> was established. Neither locks nor allocates while dials succeed.</summary>
    void Reached(Backend backend);

    /// <summary>No connection to <paramref name="backend"/> could be established. Not called when the client left meanwhile.</summary>
    void Failed(Backend backend, SocketError error);
}
