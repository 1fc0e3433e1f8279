namespace LbTcp.Configuration;

/// <summary>Whether the connections to a backend are encrypted by this program.</summary>
internal enum BackendTls
{
    /// <summary>The client's bytes are passed on as they are.</summary>
    Off,

    /// <summary>TLS, whatever certificate the backend presents: protects against listeners only.</summary>
    On,

    /// <summary>TLS, and the backend's certificate must be valid for its name.</summary>
    Verify,
}
