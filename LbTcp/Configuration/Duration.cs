using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace LbTcp.Configuration;

/// <summary>
/// Reads and writes spans of time as operators do: <c>500ms</c>, <c>2s</c>, <c>1m30s</c>, <c>1h</c>; <c>0</c> needs no unit.
/// </summary>
internal static partial class Duration
{
    /// <summary>A regular expression that every duration matches.</summary>
    public const string Pattern = "^(?=[0-9])(0|([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?)$";

    private static readonly (string Unit, long Milliseconds)[] _units = [("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)];

    /// <summary>Reads a duration: whole numbers with units, each unit at most once and the greater first.</summary>
    /// <param name="text">The text.</param>
    /// <param name="duration">The duration, zero or more, below 4 years.</param>
    /// <param name="problem">What is wrong, as a clause that quotes <paramref name="text"/>.</param>
    public static bool TryParse(string text, out TimeSpan duration, [NotNullWhen(false)] out string? problem)
    {
        duration = TimeSpan.Zero;
        problem = null;
        if (text == "0")
            return true;
        Match match = Terms().Match(text);
        if (text.Length > 0 && match.Success)
        {
            long milliseconds = _units.Sum(unit => match.Groups[unit.Unit] is { Success: true } number
                ? unit.Milliseconds * int.Parse(number.Value, CultureInfo.InvariantCulture)
                : 0);
            duration = TimeSpan.FromMilliseconds(milliseconds);
            return true;
        }

        problem = text.Length > 0 && !text.AsSpan().ContainsAnyExceptInRange('0', '9')
            ? $"{Quoted.Text(text)} has no unit; write {text}s for seconds or {text}ms for milliseconds."
            : $"{Quoted.Text(text)} is not a duration; write it like 500ms, 2s, 1m30s or 1h.";
        return false;
    }

    /// <summary>The duration in the notation that <see cref="TryParse"/> reads; below a millisecond is cut.</summary>
    public static string Format(TimeSpan duration)
    {
        long rest = (long)duration.TotalMilliseconds;
        if (rest == 0)
            return "0";
        string text = "";
        foreach ((string unit, long milliseconds) in _units)
        {
            if (rest >= milliseconds)
                text += string.Create(CultureInfo.InvariantCulture, $"{rest / milliseconds}{unit}");
            rest %= milliseconds;
        }

        return text;
    }

    [GeneratedRegex(@"^((?<h>[0-9]{1,6})h)?((?<m>[0-9]{1,8})m)?((?<s>[0-9]{1,9})s)?((?<ms>[0-9]{1,9})ms)?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Terms();
}
