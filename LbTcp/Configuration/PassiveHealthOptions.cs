using LbTcp.Configuration.Settings;

namespace LbTcp.Configuration;

/// <summary>When and for how long failed connections eject a backend, as Envoy's outlier detection does.</summary>
internal sealed record PassiveHealthOptions
{
    /// <summary>The number of consecutive failed connection attempts that eject a backend; 0 disables ejections.</summary>
    public int Fall { get; init; } = PassiveHealthSettings.Fall.Default;

    /// <summary>The duration of the first ejection; the second one lasts twice as long, the third three times, and so on.</summary>
    public TimeSpan EjectionTime { get; init; } = PassiveHealthSettings.EjectionTime.Default;

    /// <summary>The maximum duration of an ejection; at least <see cref="EjectionTime"/>.</summary>
    public TimeSpan MaxEjectionTime { get; init; } = PassiveHealthSettings.MaxEjectionTime.Default;

    /// <summary>Finds settings that contradict each other; null if there are none.</summary>
    public SettingConflict? FindConflict() => MaxEjectionTime >= EjectionTime
        ? null
        : new SettingConflict(
            PassiveHealthSettings.MaxEjectionTime, Duration.Format(MaxEjectionTime), "shorter than",
            PassiveHealthSettings.EjectionTime, Duration.Format(EjectionTime));
}
