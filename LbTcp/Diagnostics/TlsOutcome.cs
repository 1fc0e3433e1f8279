namespace LbTcp.Diagnostics;

/// <summary>How a TLS handshake with a client ended.</summary>
internal enum TlsOutcome
{
    /// <summary>It succeeded.</summary>
    Completed,

    /// <summary>The two sides did not agree, or the connection failed.</summary>
    Failed,

    /// <summary>It did not end in time, or the connection was ended for another reason.</summary>
    TimedOut,
}
