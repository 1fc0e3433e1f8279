using System.Globalization;
using LbTcp.Configuration;

namespace LbTcp.Cli.Terminals;

/// <summary>
/// Formats numbers for people, to two or three digits: <c>310 KB</c>, <c>2.1 MB/s</c>, <c>118/s</c>, <c>2d</c>, <c>3m12s</c>.
/// </summary>
internal static class HumanText
{
    private static readonly string[] _units = ["B", "KB", "MB", "GB", "TB", "PB"];

    private static readonly (TimeSpan Length, string Unit)[] _ages =
    [
        (TimeSpan.FromDays(1), "d"), (TimeSpan.FromHours(1), "h"), (TimeSpan.FromMinutes(1), "m"), (TimeSpan.FromSeconds(1), "s"),
    ];

    /// <summary>A number of bytes, in units of 1000.</summary>
    public static string Bytes(double bytes)
    {
        int unit = 0;
        while (Math.Round(bytes) >= 1000 && unit < _units.Length - 1)
        {
            bytes /= 1000;
            unit++;
        }

        return $"{(unit == 0 ? Whole(bytes) : Short(bytes))} {_units[unit]}";
    }

    /// <summary>A number of bytes per second.</summary>
    public static string BytesPerSecond(double bytes) => $"{Bytes(bytes)}/s";

    /// <summary>A number of events per second.</summary>
    public static string PerSecond(double count) => $"{Short(count)}/s";

    /// <summary>An age, in the largest unit that it has one of.</summary>
    public static string Age(TimeSpan age)
    {
        (TimeSpan length, string unit) = Array.Find(_ages, candidate => age >= candidate.Length);
        return unit is null ? "0s" : $"{Whole(Math.Floor(age / length))}{unit}";
    }

    /// <summary>A time that has passed, in whole seconds.</summary>
    public static string Elapsed(TimeSpan time) =>
        time < TimeSpan.FromSeconds(1) ? "0s" : Duration.Format(TimeSpan.FromSeconds(Math.Floor(time.TotalSeconds)));

    /// <summary>A fraction of 0 to 1 as a percentage.</summary>
    public static string Percent(double fraction) => $"{Short(fraction * 100)} %";

    // One decimal below 10, unless it is 0.
    private static string Short(double number) =>
        number.ToString(Math.Round(number, 1) < 10 ? "0.#" : "0", CultureInfo.InvariantCulture);

    private static string Whole(double number) => number.ToString("0", CultureInfo.InvariantCulture);
}
