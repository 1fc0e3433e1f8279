using System.Diagnostics.CodeAnalysis;
using System.Net;
using Level = Microsoft.Extensions.Logging.LogLevel;

namespace LbTcp.Configuration.Settings;

/// <summary>The settings of <see cref="HostOptions"/>.</summary>
internal static class HostSettings
{
    /// <summary>The limit of client connections.</summary>
    public static Setting<int?> MaxConnections { get; } = new(
        "max_connections", new OptionalForm<int>(new WholeNumberForm(1, int.MaxValue), "from the descriptor limit"), null,
        "maximum number of concurrent client connections; further clients wait in the system's listen queue")
    { Example = "20000" };

    /// <summary>The idle time before keepalive probes. The kernel counts whole seconds, up to MAX_TCP_KEEPIDLE, 32767 (tcp(7)).</summary>
    public static Setting<TimeSpan> KeepAlive { get; } = new(
        "keepalive", new DurationForm(TimeSpan.FromSeconds(1), TimeSpan.FromHours(9), "disables keepalive"), TimeSpan.FromSeconds(60),
        "idle time before TCP keepalive probes are sent")
    { Example = "30s" };

    /// <summary>The time after which a peer that does not answer is given up; the keepalive probes take as long.</summary>
    public static Setting<TimeSpan> DeadPeerTimeout { get; } = new(
        "dead_peer_timeout", new DurationForm(TimeSpan.FromSeconds(1), TimeSpan.FromHours(9), "disables the timeout"),
        TimeSpan.FromMinutes(1),
        "time after which a connection is ended whose peer acknowledges neither data nor probes; keepalive probes are spread over it")
    {
        Example = "20s",
    };

    /// <summary>The transport.</summary>
    public static Setting<TransportKind> Transport { get; } = new(
        "transport",
        new ChoiceForm<TransportKind>(("auto", TransportKind.Auto), ("epoll", TransportKind.Epoll), ("sockets", TransportKind.Sockets)),
        TransportKind.Auto,
        "socket implementation: epoll is the fastest and requires Linux, sockets works on every system, auto uses epoll where available")
    {
        Example = "sockets",
    };

    /// <summary>The name servers.</summary>
    public static ListSetting<IPEndPoint> DnsServer { get; } = new(
        "dns_server",
        new ParsedForm<IPEndPoint>("ADDRESS", "an address or address:port", NameServerAddress.TryParse, server => server.ToString()),
        [],
        "name server to ask instead of those in /etc/resolv.conf: 10.0.0.2 or [::1]:5353; repeatable",
        server => [server.ToString()],
        "those of the system")
    { Example = "10.0.0.2" };

    /// <summary>The shortest time between two look-ups of a name.</summary>
    public static Setting<TimeSpan> DnsMin { get; } = new(
        "dns_min", new DurationForm(TimeSpan.FromMilliseconds(100)), TimeSpan.FromSeconds(1),
        "minimum time between two look-ups of a name, if its time to live is shorter")
    { Example = "5s" };

    /// <summary>The longest time between two look-ups of a name.</summary>
    public static Setting<TimeSpan> DnsMax { get; } = new(
        "dns_max", new DurationForm(TimeSpan.FromMilliseconds(100)), TimeSpan.FromSeconds(30),
        "maximum time between two look-ups of a name, if its time to live is longer")
    { Example = "10s" };

    /// <summary>The least severe log level that is written.</summary>
    public static Setting<Level> LogLevel { get; } = new(
        "log_level",
        new ChoiceForm<Level>(
            ("trace", Level.Trace), ("debug", Level.Debug), ("info", Level.Information), ("warn", Level.Warning), ("error", Level.Error)),
        Level.Information,
        "minimum level of log lines")
    { Example = "warn" };

    /// <summary>How a log record is written.</summary>
    public static Setting<LogFormat> LogFormat { get; } = new(
        "log_format", new ChoiceForm<LogFormat>(("text", Configuration.LogFormat.Text), ("json", Configuration.LogFormat.Json)),
        Configuration.LogFormat.Text, "format of log records: a line of text or a JSON object per line")
    { Example = "json" };

    /// <summary>The address of the admin endpoint.</summary>
    public static Setting<ListenAddress?> Admin { get; } = new(
        "admin",
        new OptionalClassForm<ListenAddress>(
            new ParsedForm<ListenAddress>(
                "ADDRESS", "address:port or unix:/path", AdminAccess.TryParseAddress, address => address.ToString()),
            "off"),
        null,
        "address of the admin endpoint, which serves a status page, an API and metrics: 127.0.0.1:9900 or unix:/path (with mode=600 unless "
        + "given); any address but loopback and a unix socket requires a token")
    { Example = "127.0.0.1:9900" };

    /// <summary>The file with the token of the admin endpoint.</summary>
    public static Setting<string?> AdminTokenFile { get; } = new(
        "admin_token_file",
        new OptionalTextForm(
            new TextForm("FILE", "the name of a file", path => path.Length == 0 ? "the name of the file is empty." : null),
            "none, no token is required"),
        null,
        "file with the token that requests to the admin endpoint must carry; read again when it changes")
    { Example = "/etc/lbtcp/admin.token" };

    /// <summary>The log file.</summary>
    public static Setting<string?> LogFile { get; } = new(
        "log_file",
        new OptionalTextForm(
            new TextForm("FILE", "the name of a file", path => path.Length == 0 ? "the name of the file is empty." : null),
            "none, standard output"),
        null,
        "file that log lines are appended to instead of standard output; opened again on SIGUSR1")
    { Example = "/var/log/lbtcp/lbtcp.log" };

    /// <summary>The OpenTelemetry collector.</summary>
    public static Setting<Uri?> OtlpEndpoint { get; } = new(
        "otlp_endpoint",
        new OptionalClassForm<Uri>(
            new ParsedForm<Uri>("URL", "the URL of a collector, http:// or https://", TryParseUrl, FormatUrl), "off"),
        null,
        "address of an OpenTelemetry collector that metrics are sent to; the variables OTEL_EXPORTER_OTLP_* set the rest")
    { Example = "http://collector:4318" };

    // A password is never printed.
    private static string FormatUrl(Uri url) => url.UserInfo.Length > 0
        ? $"{url.Scheme}://***@{url.GetComponents(UriComponents.HostAndPort | UriComponents.PathAndQuery, UriFormat.UriEscaped)}"
        : url.OriginalString;

    private static bool TryParseUrl(string text, [NotNullWhen(true)] out Uri? url, [NotNullWhen(false)] out string? error)
    {
        bool isUrl = Uri.TryCreate(text, UriKind.Absolute, out url)
            && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps);
        if (!isUrl)
            url = null;
        error = url is null ? $"{(text.Contains('@') ? "The value" : Quoted.Text(text))} is not a URL like http://collector:4318." : null;
        return error is null;
    }
}
