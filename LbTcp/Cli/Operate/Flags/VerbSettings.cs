using LbTcp.Admin.Client;
using LbTcp.Configuration;
using LbTcp.Configuration.Settings;

namespace LbTcp.Cli.Operate.Flags;

/// <summary>The values that verbs take. They are not settings of the process, but are described and checked alike.</summary>
internal static class VerbSettings
{
    /// <summary>The name of a backend on help pages.</summary>
    public const string BackendPlaceholder = "BACKEND";

    /// <summary>The name of a service on help pages.</summary>
    public const string ServicePlaceholder = "SERVICE";

    /// <summary>Where the running process is.</summary>
    public static Setting<ListenAddress> Admin { get; } = new(
        "admin",
        new ParsedForm<ListenAddress>("ADDRESS", "an address", ListenAddress.TryParse, address => address.ToString()),
        ListenAddress.TryParse(AdminTarget.DefaultAddress, out ListenAddress? address, out _) ? address : null!,
        "address of the admin endpoint: unix:/path or host:port; LBTCP_ADMIN sets it for all verbs");

    /// <summary>The file with the token.</summary>
    public static Setting<string> AdminTokenFile { get; } = Text(
        "admin_token_file", "FILE", "file with the token of the admin endpoint; LBTCP_ADMIN_TOKEN_FILE sets it for all verbs");

    /// <summary>A backend to select.</summary>
    public static Setting<string> Backend { get; } = Text(
        "backend", BackendPlaceholder, "name, address or URL of a backend, or SERVICE/BACKEND");

    /// <summary>A service to select.</summary>
    public static Setting<string> Service { get; } = Text("service", ServicePlaceholder, "name of the service");

    /// <summary>The network of clients to select.</summary>
    public static Setting<string> Client { get; } = new(
        "client", new TextForm("CIDR", "a network", Networks.FindProblem), "", "address or network of the clients: 10.0.0.9 or 10.0.0.0/8");

    /// <summary>The time without a byte to select.</summary>
    public static Setting<TimeSpan> Idle { get; } = new(
        "idle", new DurationForm(TimeSpan.FromSeconds(1), "selects all"), TimeSpan.Zero, "minimum time without a byte in either direction");

    /// <summary>The number of lines to show.</summary>
    public static Setting<int> Limit { get; } = new(
        "limit", new WholeNumberForm(0, int.MaxValue, "shows all"), 0, "maximum number of connections");

    /// <summary>The time to wait.</summary>
    public static Setting<TimeSpan> Wait { get; } = new(
        "wait", new DurationForm(TimeSpan.FromSeconds(1), "does not wait"), TimeSpan.Zero,
        "maximum time to wait until it is done: until the last connection has ended, or for ready, until the backend is available");

    /// <summary>The interval of a display.</summary>
    public static Setting<TimeSpan> Interval { get; } = new(
        "interval", new DurationForm(TimeSpan.FromMilliseconds(500), TimeSpan.FromMinutes(1)), TimeSpan.FromSeconds(1),
        "time between two updates");

    /// <summary>The event to begin after.</summary>
    public static Setting<int> Since { get; } = new(
        "since", new WholeNumberForm(0, int.MaxValue), 0, "number of the event to begin after");

    /// <summary>The rate of a rebalance.</summary>
    public static Setting<double> Rate { get; } = new("rate", new RateForm(), 5, "maximum number of connections to close per second");

    /// <summary>What a rebalance leaves.</summary>
    public static Setting<double> Tolerance { get; } = new(
        "tolerance", new PercentForm(), 0.1, "surplus to leave, in relation to the share of a backend");

    /// <summary>A weight, or that of the configuration.</summary>
    public static Setting<int?> Weight { get; } = new(
        "weight", new WeightForm(), null, "weight until a reload changes the configured one; - returns to the configured one");

    private static Setting<string> Text(string name, string placeholder, string description) => new(
        name, new TextForm(placeholder, "a text", text => text.Length == 0 ? "the text is empty." : null), "", description);
}
