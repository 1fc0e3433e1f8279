using System.Net;

namespace LbTcp.Configuration.Settings;

/// <summary>The settings of <see cref="ServiceOptions"/> that are not in a group of their own.</summary>
internal static class ServiceSettings
{
    /// <summary>The backends file that is read if neither backends nor a file are given.</summary>
    public const string DefaultBackendsFile = "backends.txt";

    /// <summary>The configuration file; not a setting of a service, but what replaces the one service of the flags.</summary>
    public static Setting<string?> ConfigurationFile { get; } = new(
        "config",
        new OptionalTextForm(
            new TextForm("FILE", "the name of a file", path => path.Length == 0 ? "the name of the file is empty." : null),
            "none, flags describe one service"),
        null,
        "file in JSON that describes one or more services; flags and environment variables override its settings")
    {
        Example = "/etc/lbtcp/lbtcp.json",
    };

    /// <summary>The addresses that clients connect to.</summary>
    public static ListSetting<ListenAddress> Listen { get; } = new(
        "listen",
        new ParsedForm<ListenAddress>("ADDRESS", "a port, host:port or unix:/path", ListenAddress.TryParse, address => address.ToString()),
        [new ListenAddress("127.0.0.1", 8080)],
        "address to accept clients on: 8080 (all interfaces, IPv4 and IPv6), host:8080, [::1]:8080 or "
        + "unix:/path[,mode=660][,owner=USER][,group=GROUP]; host:0 uses any free port; repeatable",
        address => address.Identity is { } identity ? [identity] : [])
    { Example = "10.0.0.5:8080" };

    /// <summary>The backends.</summary>
    public static ListSetting<BackendOptions> Backends { get; } = new(
        "backends",
        new ParsedForm<BackendOptions>(
            "BACKEND", "host:port or unix:/path, and options", BackendLine.TryParseValue, BackendLine.FormatValue),
        [],
        "backends, each as [tcp://|http://]host:port[,option]... or unix:/path[,option]...; the scheme selects the kind of health check; "
        + "repeatable",
        backend => backend.Identities)
    { Example = "http://web1:3001,weight=3" };

    /// <summary>The file that lists the backends.</summary>
    public static Setting<string?> BackendsFile { get; } = new(
        "backends_file",
        new OptionalTextForm(
            new TextForm("FILE", "the name of a file", path => path.Length == 0 ? "the name of the file is empty." : null),
            $"{DefaultBackendsFile}, unless --backends is given"),
        null,
        "file that lists the backends, one per line; # starts a comment")
    { Example = "/etc/lbtcp/backends.txt" };

    /// <summary>The balancing algorithm.</summary>
    public static Setting<Algorithm> Algorithm { get; } = new(
        "algorithm",
        new ChoiceForm<Algorithm>(
            ("roundrobin", Configuration.Algorithm.RoundRobin), ("leastconn", Configuration.Algorithm.LeastConn),
            ("random", Configuration.Algorithm.Random), ("source", Configuration.Algorithm.Source),
            ("first", Configuration.Algorithm.First)),
        Configuration.Algorithm.RoundRobin,
        "selection among the available backends: in turn, the fewest connections, the less loaded of two at random, "
        + "by the client's address, or the first with a free slot")
    { Example = "leastconn" };

    /// <summary>The time over which the weight of a backend rises.</summary>
    public static Setting<TimeSpan> SlowStartTime { get; } = new(
        "slow_start", new DurationForm(TimeSpan.FromMilliseconds(100), "disables slow start"), TimeSpan.Zero,
        "time over which the weight of a backend that becomes healthy rises from a tenth to its full value")
    { Example = "30s" };

    /// <summary>The share of the process's connections; written in a configuration file only.</summary>
    public static Setting<int?> MaxConnections { get; } = new(
        HostSettings.MaxConnections.Name, new OptionalForm<int>(new WholeNumberForm(1, int.MaxValue), "as of the process"), null,
        "maximum number of concurrent client connections of the service; further clients wait in the system's listen queue")
    {
        Example = "2000",
    };

    /// <summary>The time limit of the drain.</summary>
    public static Setting<TimeSpan> DrainTimeout { get; } = new(
        "drain_timeout", new DurationForm(TimeSpan.FromMilliseconds(1), "ends them at once"), TimeSpan.FromSeconds(30),
        "maximum time for open connections to finish after SIGTERM or SIGINT")
    { Example = "1m" };

    /// <summary>The addresses from which backends are dialled.</summary>
    public static ListSetting<IPAddress> SourceAddress { get; } = new(
        SourceAddressForm.Name, SourceAddressForm.Form, [],
        "address of this machine from which backends are dialled and checked, instead of the one that the system selects; several "
        + "are used in turn, each with the ports of its own; repeatable",
        address => [address.ToString()])
    { Example = "10.0.0.11" };
}
