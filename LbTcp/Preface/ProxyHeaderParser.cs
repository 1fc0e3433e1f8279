namespace LbTcp.Preface;

/// <summary>
/// Reads the PROXY protocol header, version 1 or 2, that a connection must begin with. Strict, and independent of how the bytes arrive:
/// what is refused is refused for the same problem however many bytes follow. The specification is doc/proxy-protocol.txt of HAProxy.
/// </summary>
internal static class ProxyHeaderParser
{
    /// <summary>The length of the longest header.</summary>
    public const int MaxLength = ProxyHeaderV2.MaxLength;

    /// <summary>
    /// Reads the header at the beginning of <paramref name="received"/>, which may be incomplete or have payload behind it.
    /// </summary>
    public static ProxyHeaderResult Read(ReadOnlySpan<byte> received)
    {
        if (MayBegin(received, ProxyHeaderV2.Signature))
            return ProxyHeaderV2.Read(received);
        return MayBegin(received, ProxyHeaderV1.Prefix)
            ? ProxyHeaderV1.Read(received)
            : ProxyHeaderResult.Invalid("no PROXY protocol header");
    }

    private static bool MayBegin(ReadOnlySpan<byte> received, ReadOnlySpan<byte> prefix) =>
        received.Length < prefix.Length ? prefix.StartsWith(received) : received.StartsWith(prefix);
}
