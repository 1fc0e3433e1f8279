namespace LbTcp.Configuration.Settings;

/// <summary>The settings of <see cref="HealthCheckOptions"/>.</summary>
internal static class HealthCheckSettings
{
    private static readonly WholeNumberForm _streak = new(1, 1000);

    /// <summary>Bytes that are sent or received.</summary>
    public static SettingForm<EscapedBytes> BytesForm { get; } =
        new ParsedForm<EscapedBytes>("BYTES", EscapedBytes.Range, EscapedBytes.TryParse, bytes => bytes.ToString());

    /// <summary>The kind of check.</summary>
    public static Setting<CheckKind> Kind { get; } = new(
        "check",
        new ChoiceForm<CheckKind>(
            ("auto", CheckKind.Auto), ("tcp", CheckKind.Tcp), ("http", CheckKind.Http), ("https", CheckKind.Https),
            ("redis", CheckKind.Redis),
            ("mysql", CheckKind.Mysql), ("postgres", CheckKind.Postgres), ("smtp", CheckKind.Smtp), ("tls", CheckKind.Tls),
            ("memcached", CheckKind.Memcached), ("none", CheckKind.None)),
        CheckKind.Auto,
        "kind of health check: auto uses HTTP for http:// and https:// backends and a TCP connection for others, none considers "
        + "all backends healthy, and every other kind speaks the protocol of that name")
    {
        Example = "tcp",
    };

    /// <summary>The path of an HTTP check.</summary>
    public static Setting<string> Path { get; } = new(
        "health_path", new TextForm("PATH", HealthPath.Range, HealthPath.FindProblem), "/health",
        "path requested by HTTP checks; any 2xx response is a success")
    { Example = "/ready" };

    /// <summary>The bytes that a check sends.</summary>
    public static Setting<EscapedBytes?> Send { get; } = new(
        "check_send", new OptionalClassForm<EscapedBytes>(BytesForm, "none"), null,
        @"bytes that a check sends, with \r, \n, \t, \0, \\ and \xNN; any answer is a success unless check_expect is given")
    { Example = @"PING\r\n" };

    /// <summary>The bytes that the answer must contain.</summary>
    public static Setting<EscapedBytes?> Expect { get; } = new(
        "check_expect", new OptionalClassForm<EscapedBytes>(BytesForm, "none"), null,
        "bytes that the answer to a check must contain within its first 4 KiB")
    { Example = "+PONG" };

    /// <summary>The interval between checks.</summary>
    public static Setting<TimeSpan> Interval { get; } = new(
        "check_interval", new DurationForm(TimeSpan.FromMilliseconds(10)), TimeSpan.FromSeconds(2),
        "interval between checks of a backend; a quarter of it while the backend changes state")
    { Example = "5s" };

    /// <summary>The time limit of a check.</summary>
    public static Setting<TimeSpan> Timeout { get; } = new(
        "check_timeout", new DurationForm(TimeSpan.FromMilliseconds(1)), TimeSpan.FromSeconds(2),
        "maximum duration of a check; if it is not given, that of an HTTP check is --first-byte-timeout where that is set")
    {
        Example = "1s",
    };

    /// <summary>Successes until healthy.</summary>
    public static Setting<int> Rise { get; } = new("rise", _streak, 2, "consecutive successful checks that make a backend healthy")
    {
        Example = "1",
    };

    /// <summary>Failures until unhealthy.</summary>
    public static Setting<int> Fall { get; } = new("fall", _streak, 3, "consecutive failed checks that make a backend unhealthy")
    {
        Example = "5",
    };
}
