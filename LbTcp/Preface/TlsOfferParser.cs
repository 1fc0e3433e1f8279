namespace LbTcp.Preface;

/// <summary>Reads what a ClientHello offers (RFC 8446, section 4.1.2; RFC 5289, section 3.2).</summary>
internal static class OfferedSuitesParser
{
    private const int VersionAndRandomLength = 2 + 32;
    private const ushort SupportedVersionsExtension = 43;
    private const ushort Tls13Version = 0x0304;

    /// <summary>Reads the first bytes of a client. Without a complete and well-formed ClientHello nothing is offered.</summary>
    public static OfferedSuites Read(ReadOnlySpan<byte> bytes)
    {
        if (HandshakeRecords.Find(bytes, out ReadOnlySpan<byte> body) is not ClientHelloStatus.Complete)
            return OfferedSuites.None;
        var fields = new VectorReader(body);
        bool isWellFormed = fields.TrySkip(VersionAndRandomLength)
            & fields.TryReadVector8(out _) // session id
            & fields.TryReadVector16(out ReadOnlySpan<byte> suites)
            & fields.TryReadVector8(out _); // compression methods
        if (!isWellFormed)
            return OfferedSuites.None;
        OfferedSuites offered = ReadSuites(suites);
        return fields.TryReadVector16(out ReadOnlySpan<byte> extensions) && OffersTls13(extensions)
            ? offered | OfferedSuites.Tls13
            : offered;
    }

    private static OfferedSuites ReadSuites(ReadOnlySpan<byte> bytes)
    {
        var offered = OfferedSuites.None;
        for (var suites = new VectorReader(bytes); suites.TryReadNumber16(out ushort suite);)
        {
            offered |= suite switch
            {
                0xC02B or 0xC02C => OfferedSuites.GcmForEc,
                0xC02F or 0xC030 => OfferedSuites.GcmForRsa,
                _ => OfferedSuites.None,
            };
        }

        return offered;
    }

    private static bool OffersTls13(ReadOnlySpan<byte> bytes)
    {
        var extensions = new VectorReader(bytes);
        while (extensions.TryReadNumber16(out ushort type) && extensions.TryReadVector16(out ReadOnlySpan<byte> content))
        {
            if (type != SupportedVersionsExtension)
                continue;
            _ = new VectorReader(content).TryReadVector8(out ReadOnlySpan<byte> list);
            for (var versions = new VectorReader(list); versions.TryReadNumber16(out ushort version);)
            {
                if (version == Tls13Version)
                    return true;
            }
        }

        return false;
    }
}
