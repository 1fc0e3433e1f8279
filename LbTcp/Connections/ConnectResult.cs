using System.Net.Sockets;

namespace LbTcp.Connections;

/// <summary>What a dial reports: a connection, or why there is none.</summary>
/// <param name="Connection">The established connection, or null.</param>
/// <param name="Error"><see cref="SocketError.Success"/> with a connection, else the reason.</param>
internal readonly record struct ConnectResult(IConnection? Connection, SocketError Error);
