using System.Net.Sockets;

namespace LbTcp.Connections;

/// <summary>The result of an accept or a dial: a connection, or the reason why there is none.</summary>
/// <param name="Connection">The established connection, or null.</param>
/// <param name="Error"><see cref="SocketError.Success"/> with a connection, else the reason.</param>
internal readonly record struct ConnectionResult(IConnection? Connection, SocketError Error)
{
    /// <summary>The result of a failure.</summary>
    public static ConnectionResult Failed(SocketError error) => new(null, error);

    /// <summary>The result of a success.</summary>
    public static ConnectionResult Of(IConnection connection) => new(connection, SocketError.Success);
}
