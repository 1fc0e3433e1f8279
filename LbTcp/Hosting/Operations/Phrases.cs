using System.Globalization;
using LbTcp.Configuration;

namespace LbTcp.Hosting.Operations;

/// <summary>Numbers and times in sentences for an operator.</summary>
internal static class Phrases
{
    /// <summary>Returns a time of today as <c>14:02:11 UTC</c>, and another one with its date.</summary>
    public static string Of(DateTimeOffset time, DateTimeOffset now) => time.UtcDateTime.ToString(
        time.UtcDateTime.Date == now.UtcDateTime.Date ? "HH:mm:ss 'UTC'" : "yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>Returns a duration in whole seconds, or in milliseconds below one: <c>12s</c>, <c>1m30s</c>, <c>400ms</c>.</summary>
    public static string Of(TimeSpan duration) => Duration.Format(
        duration < TimeSpan.FromSeconds(1) ? duration : TimeSpan.FromSeconds(Math.Ceiling(duration.TotalSeconds)));

    /// <summary>Returns a weight with at most one decimal.</summary>
    public static string Of(double weight) => weight.ToString("0.#", CultureInfo.InvariantCulture);

    /// <summary>Returns a share as <c>33.3 %</c>.</summary>
    public static string Percent(double share) => (share * 100).ToString("0.# '%'", CultureInfo.InvariantCulture);

    /// <summary>Returns names as <c>web1, web2</c>.</summary>
    public static string List(IEnumerable<string> names) => string.Join(", ", names);

    /// <summary>Returns a number with a noun whose plural an s makes: <c>1 connection</c>, <c>2 connections</c>.</summary>
    public static string Count(long number, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{number} {noun}{(number == 1 ? "" : "s")}");
}
