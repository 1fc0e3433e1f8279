namespace LbTcp.Configuration;

/// <summary>Whether clients have to prove who they are with a certificate.</summary>
internal enum TlsClientVerification
{
    /// <summary>No certificate is asked for.</summary>
    None,

    /// <summary>A certificate is asked for; one that is presented must be valid.</summary>
    Optional,

    /// <summary>A client without a valid certificate is refused.</summary>
    Required,
}
