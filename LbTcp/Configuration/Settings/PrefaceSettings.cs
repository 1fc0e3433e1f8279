namespace LbTcp.Configuration.Settings;

/// <summary>The settings of <see cref="PrefaceOptions"/>.</summary>
internal static class PrefaceSettings
{
    /// <summary>The peers that send a PROXY protocol header.</summary>
    public static ListSetting<Network> AcceptProxy { get; } = new(
        "accept_proxy", AdmissionSettings.NetworkForm, [],
        "addresses and networks of proxies that send a PROXY protocol header, version 1 or 2; clients from elsewhere are reset; repeatable",
        network => [network.ToString()], "off")
    { Example = "10.0.0.0/24" };

    /// <summary>The header that backends get.</summary>
    public static Setting<SendProxy> SendProxy { get; } = new(
        "send_proxy",
        new ChoiceForm<SendProxy>(
            ("off", Configuration.SendProxy.Off), ("v1", Configuration.SendProxy.V1), ("v2", Configuration.SendProxy.V2)),
        Configuration.SendProxy.Off,
        "header of the PROXY protocol with the client's address that backends get before any byte of the client")
    { Example = "v2" };

    /// <summary>Whether the header has the number of the connection.</summary>
    public static Setting<bool> ProxyUniqueId { get; } = new(
        "proxy_unique_id", Switch.Form, false, "whether PROXY protocol headers of version 2 carry an id that the log has as well")
    { Example = "on" };

    /// <summary>The time limit of what comes first.</summary>
    public static Setting<TimeSpan> PrefaceTimeout { get; } = new(
        "preface_timeout", new DurationForm(TimeSpan.FromMilliseconds(1)), TimeSpan.FromSeconds(3),
        "maximum time for a PROXY protocol header, or for the ClientHello that selects backends by name, to arrive")
    { Example = "10s" };
}
