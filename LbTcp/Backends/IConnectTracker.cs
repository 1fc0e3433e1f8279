using System.Net.Sockets;

namespace LbTcp.Backends;

/// <summary>Is told how real connections to backends fare. Called for every one of them, from any number of threads.</summary>
internal interface IConnectTracker
{
    /// <summary>A connection to <paramref name="backend"/> was established. Neither locks nor allocates while all is well.</summary>
    void Reached(Backend backend);

    /// <summary>No connection to <paramref name="backend"/> could be established. Not for clients that left meanwhile.</summary>
    void Failed(Backend backend, SocketError error);
}
