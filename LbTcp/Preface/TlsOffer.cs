namespace LbTcp.Preface;

/// <summary>What a ClientHello offers that encrypts and authenticates in one step (AEAD), unlike suites in CBC mode.</summary>
[Flags]
internal enum OfferedSuites
{
    /// <summary>Nothing of it.</summary>
    None = 0,

    /// <summary>TLS 1.3, all of whose suites do.</summary>
    Tls13 = 1,

    /// <summary>A suite of TLS 1.2 with AES in GCM, for certificates with an EC key.</summary>
    GcmForEc = 2,

    /// <summary>A suite of TLS 1.2 with AES in GCM, for certificates with an RSA key.</summary>
    GcmForRsa = 4,
}
