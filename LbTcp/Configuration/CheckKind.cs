namespace LbTcp.Configuration;

/// <summary>How a backend's health is found out.</summary>
internal enum CheckKind
{
    /// <summary>HTTP for backends given as <c>http://</c>, else TCP.</summary>
    Auto,

    /// <summary>A TCP connection can be established.</summary>
    Tcp,

    /// <summary>GET of the health path answers 2xx.</summary>
    Http,

    /// <summary>Not at all: every backend counts as healthy.</summary>
    None,
}
