namespace LbTcp.Configuration;

/// <summary>The kind of a health check.</summary>
internal enum CheckKind
{
    /// <summary>
    /// The configured bytes if there are any, else HTTP for <c>http://</c> backends, HTTPS for <c>https://</c> ones, TCP for others.
    /// </summary>
    Auto,

    /// <summary>A TCP connection can be established.</summary>
    Tcp,

    /// <summary>GET of the health path answers 2xx.</summary>
    Http,

    /// <summary>As <see cref="Http"/>, over TLS.</summary>
    Https,

    /// <summary>A redis server answers PING.</summary>
    Redis,

    /// <summary>A MySQL or MariaDB server answers a login.</summary>
    Mysql,

    /// <summary>A PostgreSQL server answers the start of a session.</summary>
    Postgres,

    /// <summary>A mail server greets.</summary>
    Smtp,

    /// <summary>A TLS server answers a ClientHello.</summary>
    Tls,

    /// <summary>A memcached server answers with its version.</summary>
    Memcached,

    /// <summary>
    /// A server answers the configured bytes with the expected ones. Has no word of its own: the bytes turn <see cref="Auto"/> and
    /// <see cref="Tcp"/> into it.
    /// </summary>
    Expect,

    /// <summary>No check: every backend is considered healthy.</summary>
    None,
}
