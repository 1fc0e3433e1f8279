using System.Net.Sockets;
using LbTcp.Diagnostics;

namespace LbTcp.Connections;

/// <summary>One connection failed. Names its side, so that code that copies between two connections knows which of them failed.</summary>
/// <param name="side">The side of the connection that failed.</param>
/// <param name="error">The reason; <see cref="SocketError.OperationAborted"/> when this program aborted the connection.</param>
internal sealed class ConnectionException(ConnectionSide side, SocketError error) : IOException(SocketErrors.Describe(error))
{
    /// <summary>The side of the connection that failed.</summary>
    public ConnectionSide Side { get; } = side;

    /// <summary>The reason.</summary>
    public SocketError Error { get; } = error;
}
