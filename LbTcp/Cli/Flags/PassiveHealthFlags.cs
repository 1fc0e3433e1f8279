using System.CommandLine;
using LbTcp.Configuration;
using LbTcp.Configuration.Settings;

namespace LbTcp.Cli.Flags;

/// <summary>The flags for ejections by failed connections.</summary>
internal sealed class PassiveHealthFlags
{
    private readonly SettingFlag<int> _fall = new(PassiveHealthSettings.Fall);
    private readonly SettingFlag<TimeSpan> _ejectionTime = new(PassiveHealthSettings.EjectionTime);
    private readonly SettingFlag<TimeSpan> _maxEjectionTime = new(PassiveHealthSettings.MaxEjectionTime);

    /// <summary>The flags for the help page.</summary>
    public FlagGroup Group => new("Passive health checks", [_fall, _ejectionTime, _maxEjectionTime]);

    /// <summary>Reads the options that these flags set.</summary>
    public PassiveHealthOptions Read(ParseResult parsed) => new()
    {
        Fall = _fall.Read(parsed),
        EjectionTime = _ejectionTime.Read(parsed),
        MaxEjectionTime = _maxEjectionTime.Read(parsed),
    };
}
