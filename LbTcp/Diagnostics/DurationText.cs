using System.Globalization;

namespace LbTcp.Diagnostics;

/// <summary>Formats measured durations for people: <c>0.4ms</c>, <c>250ms</c>, <c>3.2s</c>, <c>3600s</c>.</summary>
internal static class DurationText
{
    /// <summary>The maximum length of a result in characters.</summary>
    public const int LongestResult = 24;

    /// <summary>Returns the duration in milliseconds below one second, otherwise in seconds, rounded to at most one decimal.</summary>
    public static string Of(TimeSpan duration)
    {
        Span<char> text = stackalloc char[LongestResult];
        return text[..Write(duration, text)].ToString();
    }

    /// <summary>Writes the result of <see cref="Of"/> to a span of at least <see cref="LongestResult"/> characters.</summary>
    /// <returns>The number of characters written.</returns>
    public static int Write(TimeSpan duration, Span<char> destination)
    {
        bool isShort = duration < TimeSpan.FromSeconds(1);
        long tenth = (isShort ? TimeSpan.TicksPerMillisecond : TimeSpan.TicksPerSecond) / 10;
        (long whole, long decimals) = Math.DivRem((duration.Ticks + (tenth / 2)) / tenth, 10);
        string unit = isShort ? "ms" : "s";
        _ = decimals == 0
            ? destination.TryWrite(CultureInfo.InvariantCulture, $"{whole}{unit}", out int length)
            : destination.TryWrite(CultureInfo.InvariantCulture, $"{whole}.{decimals}{unit}", out length);
        return length;
    }
}
