using System.Net;

namespace LbTcp.Preface;

/// <summary>
/// A PROXY protocol header that was read. It has no addresses if the proxy speaks for itself (LOCAL), or if it does not know them or cannot
/// express them (UNKNOWN, UNSPEC, AF_UNIX): then the addresses of the connection apply.
/// </summary>
/// <param name="Length">The length in bytes; what follows is payload.</param>
/// <param name="Source">The address that the connection comes from, an IPv4 address as IPv4; null for none.</param>
/// <param name="Destination">The address that it was made to; null exactly if <paramref name="Source"/> is.</param>
internal readonly record struct ProxyHeader(int Length, IPEndPoint? Source = null, IPEndPoint? Destination = null);
