namespace LbTcp.Configuration;

/// <summary>The protocol of a backend, for its health check; the relay does not depend on it.</summary>
internal enum BackendScheme
{
    /// <summary>Any TCP service.</summary>
    Tcp,

    /// <summary>An HTTP service.</summary>
    Http,

    /// <summary>An HTTP service over TLS.</summary>
    Https,
}
