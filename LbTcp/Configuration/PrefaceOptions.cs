using LbTcp.Configuration.Settings;

namespace LbTcp.Configuration;

/// <summary>What comes before the bytes of a client, and what is sent before them to a backend.</summary>
internal sealed record PrefaceOptions
{
    /// <summary>The peers that must send a PROXY protocol header, and the only ones that are served then; empty for none.</summary>
    public IReadOnlyList<Network> AcceptProxy { get; init; } = PrefaceSettings.AcceptProxy.Default;

    /// <summary>The PROXY protocol header that backends get. A backend may have its own.</summary>
    public SendProxy SendProxy { get; init; } = PrefaceSettings.SendProxy.Default;

    /// <summary>Whether headers of version 2 carry the number of the connection.</summary>
    public bool ProxyUniqueId { get; init; } = PrefaceSettings.ProxyUniqueId.Default;

    /// <summary>The maximum time for a PROXY protocol header, and for a ClientHello, to arrive.</summary>
    public TimeSpan PrefaceTimeout { get; init; } = PrefaceSettings.PrefaceTimeout.Default;

    /// <summary>The header that <paramref name="backend"/> gets.</summary>
    public SendProxy SendProxyFor(BackendOptions backend) => backend.SendProxy ?? SendProxy;
}
