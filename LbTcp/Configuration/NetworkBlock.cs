using System.Net.Sockets;

namespace LbTcp.Configuration;

/// <summary>A <see cref="Network"/> as numbers.</summary>
/// <param name="First">The first address; 0 for networks without addresses of their own.</param>
/// <param name="Length">The number of bits that all addresses have in common.</param>
/// <param name="Family">
/// The family of the addresses; <see cref="AddressFamily.Unspecified"/> for all, <see cref="AddressFamily.Unix"/> for the clients of unix
/// sockets.
/// </param>
internal readonly record struct NetworkBlock(UInt128 First, byte Length, AddressFamily Family);
