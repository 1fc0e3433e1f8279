namespace LbTcp.Configuration.Settings;

/// <summary>The settings of <see cref="PassiveHealthOptions"/>.</summary>
internal static class PassiveHealthSettings
{
    private static readonly DurationForm _ejection = new(TimeSpan.FromMilliseconds(10));

    /// <summary>Failed connections until ejection.</summary>
    public static Setting<int> Fall { get; } = new(
        "passive_fall", new WholeNumberForm(0, 1000, "disables ejections"), 3,
        "consecutive failed connection attempts that eject a backend; at most half of the backends are ejected")
    { Example = "5" };

    /// <summary>The length of the first ejection.</summary>
    public static Setting<TimeSpan> EjectionTime { get; } = new(
        "ejection_time", _ejection, TimeSpan.FromSeconds(10),
        "duration of the first ejection; the second one lasts twice as long, the third three times, and so on; "
        + "a successful check ends it earlier")
    { Example = "30s" };

    /// <summary>The length of the longest ejection.</summary>
    public static Setting<TimeSpan> MaxEjectionTime { get; } = new(
        "max_ejection_time", _ejection, TimeSpan.FromSeconds(300), "maximum duration of an ejection")
    { Example = "10m" };
}
