namespace LbTcp.Configuration;

/// <summary>What a backend speaks, as far as its health check is concerned; the relay moves bytes either way.</summary>
internal enum BackendScheme
{
    /// <summary>Any TCP service.</summary>
    Tcp,

    /// <summary>An HTTP service.</summary>
    Http,
}
