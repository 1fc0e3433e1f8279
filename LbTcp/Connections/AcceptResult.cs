using System.Net.Sockets;

namespace LbTcp.Connections;

/// <summary>What an accept reports: a connection, or why there is none.</summary>
/// <param name="Connection">The accepted connection, or null.</param>
/// <param name="Error"><see cref="SocketError.Success"/> with a connection, else the reason.</param>
internal readonly record struct AcceptResult(IConnection? Connection, SocketError Error);
