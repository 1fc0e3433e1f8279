using System.Net.Sockets;

namespace LbTcp.Connections;

/// <summary>Bytes stopped moving because one connection failed. Says which, so that whoever copies between two can tell whom to blame.</summary>
/// <param name="connection">The connection that failed.</param>
/// <param name="error">Why; <see cref="SocketError.OperationAborted"/> when this program aborted it.</param>
internal sealed class ConnectionException(IConnection connection, SocketError error) : IOException(SocketErrors.Describe(error))
{
    /// <summary>The connection that failed.</summary>
    public IConnection Connection { get; } = connection;

    /// <summary>Why it failed.</summary>
    public SocketError Error { get; } = error;
}
