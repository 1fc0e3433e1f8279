namespace LbTcp.Preface;

/// <summary>
/// What a ClientHello offers: versions and suites that encrypt and authenticate in one step (AEAD), unlike those in CBC mode, and
/// signatures.
/// </summary>
[Flags]
internal enum TlsOffer
{
    /// <summary>Nothing of it.</summary>
    None = 0,

    /// <summary>TLS 1.3, all of whose suites are AEAD.</summary>
    Tls13 = 1,

    /// <summary>A suite of TLS 1.2 with AES in GCM, for certificates with an EC key.</summary>
    GcmForEc = 2,

    /// <summary>A suite of TLS 1.2 with AES in GCM, for certificates with an RSA key.</summary>
    GcmForRsa = 4,

    /// <summary>Signatures with ECDSA on the curve P-256.</summary>
    EcdsaP256 = 8,

    /// <summary>Signatures with ECDSA on the curve P-384.</summary>
    EcdsaP384 = 16,

    /// <summary>Signatures with ECDSA on the curve P-521.</summary>
    EcdsaP521 = 32,
}
