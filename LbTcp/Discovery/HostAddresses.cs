using System.Net;
using System.Net.Sockets;

namespace LbTcp.Discovery;

/// <summary>The result of a look-up.</summary>
/// <param name="Addresses">The addresses in the resolver's order, each once; empty when the look-up failed.</param>
/// <param name="Error">Why it failed, or <see cref="SocketError.Success"/>.</param>
internal readonly record struct HostAddresses(IPAddress[] Addresses, SocketError Error);
