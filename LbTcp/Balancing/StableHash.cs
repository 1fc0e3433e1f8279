using System.Net;
using System.Text;

namespace LbTcp.Balancing;

/// <summary>
/// Computes hashes that are the same in every process and version, so that all instances map a client to the same backend: FNV-1a (Fowler,
/// Noll and Vo; RFC 9923) of the bytes, mixed by <see cref="SplitMix.Mix"/>. Not resistant to clients that choose their addresses.
/// </summary>
internal static class StableHash
{
    private const ulong OffsetBasis = 0xCBF29CE484222325;
    private const ulong Prime = 0x100000001B3;

    /// <summary>Returns the hash of a text in UTF-8.</summary>
    public static ulong Of(string text) => Of(Encoding.UTF8.GetBytes(text));

    /// <summary>Returns the hash of an address without its zone; an IPv4-mapped IPv6 address has the hash of the IPv4 address.</summary>
    public static ulong Of(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        _ = address.TryWriteBytes(bytes, out int length);
        return Of(address.IsIPv4MappedToIPv6 ? bytes[12..] : bytes[..length]);
    }

    private static ulong Of(ReadOnlySpan<byte> bytes)
    {
        ulong hash = OffsetBasis;
        foreach (byte value in bytes)
            hash = (hash ^ value) * Prime;
        return SplitMix.Mix(hash);
    }
}
