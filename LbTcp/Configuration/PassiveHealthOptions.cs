namespace LbTcp.Configuration;

/// <summary>When and for how long real traffic takes a backend out. The defaults are those of Envoy's outlier detection, with fewer failures.</summary>
internal sealed record PassiveHealthOptions
{
    /// <summary>How many connections in a row that could not be established eject a backend; 0 for never.</summary>
    public int Fall { get; init; } = 3;

    /// <summary>How long the first ejection lasts; the second one twice as long, and so on.</summary>
    public TimeSpan EjectionTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest that an ejection lasts.</summary>
    public TimeSpan MaxEjectionTime { get; init; } = TimeSpan.FromSeconds(300);
}
