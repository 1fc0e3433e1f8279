using System.CommandLine;
using LbTcp.Configuration;
using LbTcp.Configuration.Settings;

namespace LbTcp.Cli.Flags;

/// <summary>The flags for health checks.</summary>
internal sealed class HealthCheckFlags
{
    private readonly SettingFlag<CheckKind> _kind = new(HealthCheckSettings.Kind);
    private readonly SettingFlag<string> _path = new(HealthCheckSettings.Path);
    private readonly SettingFlag<TimeSpan> _interval = new(HealthCheckSettings.Interval);
    private readonly SettingFlag<TimeSpan> _timeout = new(HealthCheckSettings.Timeout);
    private readonly SettingFlag<int> _rise = new(HealthCheckSettings.Rise);
    private readonly SettingFlag<int> _fall = new(HealthCheckSettings.Fall);

    /// <summary>The flags for the help page.</summary>
    public FlagGroup Group => new("Health checks", [_kind, _path, _interval, _timeout, _rise, _fall]);

    /// <summary>Reads the options that these flags set.</summary>
    public HealthCheckOptions Read(ParseResult parsed) => new()
    {
        Kind = _kind.Read(parsed),
        Path = _path.Read(parsed),
        Interval = _interval.Read(parsed),
        Timeout = _timeout.Read(parsed),
        Rise = _rise.Read(parsed),
        Fall = _fall.Read(parsed),
    };
}
