namespace LbTcp.Preface;

/// <summary>
/// Reads the PROXY protocol header, version 1 or 2, that a connection must begin with. Strict, and independent of how the bytes arrive:
/// what is refused is refused for the same problem however many bytes follow. The specification is doc/proxy-protocol.txt of HAProxy.
/// </summary>
internal static class ProxyHeaderParser
{
    /// <summary>The length of the longest header.</summary>
    public const int MaxLength = ProxyHeaderV2.MaxLength;

    /// <summary>Reads the header at the beginning of <paramref name="received"/>, which may be incomplete or have payload behind it.</summary>
    public static ProxyHeaderResult Read(ReadOnlySpan<byte> received)
    {
        if (received.IsEmpty)
            return ProxyHeaderResult.Incomplete;
        return received[0] == ProxyHeaderV2.Signature[0] ? ProxyHeaderV2.Read(received) : ProxyHeaderV1.Read(received);
    }

    /// <summary>Whether <paramref name="received"/> begins with <paramref name="prefix"/>, as far as it goes.</summary>
    public static bool MayBegin(ReadOnlySpan<byte> received, ReadOnlySpan<byte> prefix) =>
        received.Length < prefix.Length ? prefix.StartsWith(received) : received.StartsWith(prefix);
}
