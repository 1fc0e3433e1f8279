using System.CommandLine;
using LbTcp.Configuration;

namespace LbTcp.Cli.Flags;

/// <summary>How and when backends are checked.</summary>
internal sealed class HealthCheckFlags
{
    private const int MostChecks = 1000;
    private static readonly HealthCheckOptions _default = new();

    private readonly ChoiceFlag<CheckKind> _kind = new(
        "--check", _default.Kind, "how backends are checked: auto asks http:// backends by HTTP and connects to the others, none takes all as healthy",
        ("auto", CheckKind.Auto), ("tcp", CheckKind.Tcp), ("http", CheckKind.Http), ("none", CheckKind.None));

    private readonly TextFlag _path = new(
        "--health-path", [], "PATH", $"what an HTTP check asks for; any 2xx is healthy [{_default.Path}]", _default.Path, HealthPath.FindProblem);

    private readonly DurationFlag _interval = new(
        "--check-interval", _default.Interval, "from one check of a backend to the next; a quarter of it while the backend is changing",
        TimeSpan.FromMilliseconds(10));

    private readonly DurationFlag _timeout = new("--check-timeout", _default.Timeout, "how long one check may take", TimeSpan.FromMilliseconds(1));

    private readonly NumberFlag _rise = new("--rise", _default.Rise, "successes in a row that make a backend healthy", 1, MostChecks);

    private readonly NumberFlag _fall = new("--fall", _default.Fall, "failures in a row that make a backend unhealthy", 1, MostChecks);

    /// <summary>The flags for the help page.</summary>
    public FlagGroup Group => new("Health checks", [_kind, _path, _interval, _timeout, _rise, _fall]);

    /// <summary>What the operator asked for.</summary>
    public HealthCheckOptions Read(ParseResult parsed) => new()
    {
        Kind = _kind.Read(parsed),
        Path = parsed.GetRequiredValue(_path),
        Interval = parsed.GetValue(_interval),
        Timeout = parsed.GetValue(_timeout),
        Rise = parsed.GetValue(_rise),
        Fall = parsed.GetValue(_fall),
    };
}
