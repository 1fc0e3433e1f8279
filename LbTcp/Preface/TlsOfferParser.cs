namespace LbTcp.Preface;

/// <summary>Reads what a ClientHello offers (RFC 8446, sections 4.1.2 and 4.2.3; RFC 5289, section 3.2).</summary>
internal static class TlsOfferParser
{
    private const int VersionAndRandomLength = 2 + 32;
    private const ushort SignatureAlgorithmsExtension = 13;
    private const ushort SupportedVersionsExtension = 43;
    private const ushort Tls13Version = 0x0304;

    /// <summary>Reads the first bytes of a client. Without a complete and well-formed ClientHello nothing is offered.</summary>
    public static TlsOffer Read(ReadOnlySpan<byte> bytes)
    {
        if (HandshakeRecords.Find(bytes, out ReadOnlySpan<byte> body) is not ClientHelloStatus.Complete)
            return TlsOffer.None;
        var fields = new VectorReader(body);
        bool isWellFormed = fields.TrySkip(VersionAndRandomLength)
            & fields.TryReadVector8(out _) // session id
            & fields.TryReadVector16(out ReadOnlySpan<byte> suites)
            & fields.TryReadVector8(out _); // compression methods
        if (!isWellFormed)
            return TlsOffer.None;
        TlsOffer offered = ReadSuites(suites);
        return fields.TryReadVector16(out ReadOnlySpan<byte> extensions) ? offered | ReadExtensions(extensions) : offered;
    }

    private static TlsOffer ReadSuites(ReadOnlySpan<byte> bytes)
    {
        var offered = TlsOffer.None;
        for (var suites = new VectorReader(bytes); suites.TryReadNumber16(out ushort suite);)
        {
            offered |= suite switch
            {
                0xC02B or 0xC02C => TlsOffer.GcmForEc,
                0xC02F or 0xC030 => TlsOffer.GcmForRsa,
                _ => TlsOffer.None,
            };
        }

        return offered;
    }

    private static TlsOffer ReadExtensions(ReadOnlySpan<byte> bytes)
    {
        var offered = TlsOffer.None;
        var extensions = new VectorReader(bytes);
        while (extensions.TryReadNumber16(out ushort type) && extensions.TryReadVector16(out ReadOnlySpan<byte> content))
        {
            offered |= type switch
            {
                SignatureAlgorithmsExtension => ReadSignatures(content),
                SupportedVersionsExtension => ReadVersions(content),
                _ => TlsOffer.None,
            };
        }

        return offered;
    }

    private static TlsOffer ReadVersions(ReadOnlySpan<byte> content)
    {
        _ = new VectorReader(content).TryReadVector8(out ReadOnlySpan<byte> list);
        for (var versions = new VectorReader(list); versions.TryReadNumber16(out ushort version);)
        {
            if (version == Tls13Version)
                return TlsOffer.Tls13;
        }

        return TlsOffer.None;
    }

    private static TlsOffer ReadSignatures(ReadOnlySpan<byte> content)
    {
        var offered = TlsOffer.None;
        _ = new VectorReader(content).TryReadVector16(out ReadOnlySpan<byte> list);
        for (var schemes = new VectorReader(list); schemes.TryReadNumber16(out ushort scheme);)
        {
            offered |= scheme switch
            {
                0x0403 => TlsOffer.EcdsaP256,
                0x0503 => TlsOffer.EcdsaP384,
                0x0603 => TlsOffer.EcdsaP521,
                _ => TlsOffer.None,
            };
        }

        return offered;
    }
}
