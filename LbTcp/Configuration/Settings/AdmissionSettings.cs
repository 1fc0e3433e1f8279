namespace LbTcp.Configuration.Settings;

/// <summary>The settings of <see cref="AdmissionOptions"/>.</summary>
internal static class AdmissionSettings
{
    /// <summary>How a network is written.</summary>
    public static ParsedForm<Network> NetworkForm { get; } =
        new("NETWORK", "an address, a network such as 10.0.0.0/8, all or unix", Network.TryParse, network => network.ToString());

    /// <summary>The networks that are admitted.</summary>
    public static ListSetting<Network> Allow { get; } = new(
        "allow", NetworkForm, [],
        "addresses and networks of clients that are admitted, such as 10.0.0.0/8; once anything is allowed, everything else is refused; "
        + "repeatable",
        network => [network.ToString()], "all clients are admitted")
    { Example = "10.0.0.0/8" };

    /// <summary>The networks that are refused.</summary>
    public static ListSetting<Network> Deny { get; } = new(
        "deny", NetworkForm, [],
        "addresses and networks of clients that are refused with a reset; takes precedence over --allow; repeatable",
        network => [network.ToString()], "none")
    { Example = "203.0.113.0/24" };

    /// <summary>The file of rules.</summary>
    public static Setting<string?> AccessFile { get; } = new(
        "access_file", FileForm.Optional("none, --deny and --allow alone"), null,
        "file of access rules, 'allow NETWORK' or 'deny NETWORK' per line; the first one that matches decides, before --deny and --allow")
    { Example = "/etc/lbtcp/access.txt" };

    /// <summary>The limit of connections of one source.</summary>
    public static Setting<int> MaxConnectionsPerSource { get; } = new(
        "max_connections_per_source", new WholeNumberForm(0, 1_000_000, "disables the limit"), 0,
        "maximum number of concurrent connections of one client address")
    { Example = "100" };

    /// <summary>The rate of one source.</summary>
    public static Setting<EventRate?> ConnectionRatePerSource { get; } = new(
        "connection_rate_per_source", new OptionalForm<EventRate>(new EventRateForm(), "no limit"), null,
        "maximum rate of new connections of one client address")
    { Example = "20/s" };

    /// <summary>The burst of one source.</summary>
    public static Setting<int?> ConnectionBurstPerSource { get; } = new(
        "connection_burst_per_source", BurstForm, null,
        "number of connections of one client address that may come at once before the rate applies")
    { Example = "50" };

    /// <summary>The rate of the service.</summary>
    public static Setting<EventRate?> ConnectionRate { get; } = new(
        "connection_rate", new OptionalForm<EventRate>(new EventRateForm(), "no limit"), null,
        "maximum rate of new connections of the service")
    { Example = "500/s" };

    /// <summary>The burst of the service.</summary>
    public static Setting<int?> ConnectionBurst { get; } = new(
        "connection_burst", BurstForm, null, "number of connections of the service that may come at once before the rate applies")
    { Example = "1000" };

    /// <summary>The length of the prefix of IPv6 sources.</summary>
    public static Setting<int> SourcePrefixIPv6 { get; } = new(
        "source_prefix_ipv6", new WholeNumberForm(1, 128), 64,
        "length of the prefix by which IPv6 clients are counted: one subscriber usually has a whole /64")
    { Example = "56" };

    /// <summary>What a client over a limit gets.</summary>
    public static Setting<OverLimit> OverLimit { get; } = new(
        "over_limit",
        new ChoiceForm<OverLimit>(("reset", Configuration.OverLimit.Reset), ("wait", Configuration.OverLimit.Wait)),
        Configuration.OverLimit.Reset,
        "action on a client over a limit of its source or a rate: reset it, or let it wait for at most --queue-timeout")
    { Example = "wait" };

    private static OptionalForm<int> BurstForm => new(new WholeNumberForm(1, 1_000_000), "the connections of one second, at least 1");
}
