using System.Globalization;

namespace LbTcp.Diagnostics;

/// <summary>Writes measured spans of time for people: <c>0.4ms</c>, <c>250ms</c>, <c>3.2s</c>, <c>3600s</c>.</summary>
internal static class DurationText
{
    /// <summary>The most characters that a duration takes.</summary>
    public const int LongestResult = 24;

    /// <summary>The duration in milliseconds below one second, else in seconds, rounded to at most one decimal.</summary>
    public static string Of(TimeSpan duration)
    {
        Span<char> text = stackalloc char[LongestResult];
        return text[..Write(duration, text)].ToString();
    }

    /// <summary>Writes what <see cref="Of"/> gives to a span of <see cref="LongestResult"/> characters.</summary>
    /// <returns>How many characters were written.</returns>
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
