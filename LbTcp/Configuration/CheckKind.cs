namespace LbTcp.Configuration;

/// <summary>The kind of a health check.</summary>
internal enum CheckKind
{
    /// <summary>HTTP for <c>http://</c> backends, TCP for others.</summary>
    Auto,

    /// <summary>A TCP connection can be established.</summary>
    Tcp,

    /// <summary>GET of the health path answers 2xx.</summary>
    Http,

    /// <summary>No check: every backend is considered healthy.</summary>
    None,
}
