using System.Globalization;

namespace LbTcp.Cli.Operate.Views;

/// <summary>Formats moments as local times of day.</summary>
/// <param name="timeProvider">The clock and the time zone.</param>
internal sealed class LocalTime(TimeProvider timeProvider)
{
    /// <summary>The time of day; with the date unless it was within the last 24 hours.</summary>
    public string Of(DateTimeOffset moment)
    {
        string format = timeProvider.GetUtcNow() - moment < TimeSpan.FromDays(1) ? "HH:mm:ss" : "yyyy-MM-dd HH:mm:ss";
        return TimeZoneInfo.ConvertTime(moment, timeProvider.LocalTimeZone).ToString(format, CultureInfo.InvariantCulture);
    }
}
