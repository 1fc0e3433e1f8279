using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace LbTcp.Configuration.Settings;

/// <summary>A number of bytes per second: <c>500B/s</c>, <c>2KB/s</c>, <c>1MB/s</c>; a KB are 1,000 bytes.</summary>
/// <param name="zero">The effect of 0, as a verb phrase.</param>
internal sealed class ByteRateForm(string zero) : SettingForm<long>("RATE", "a rate from 1B/s to 1000MB/s such as 500B/s or 2KB/s", zero)
{
    private static readonly (string Unit, long Bytes)[] _units = [("MB/s", 1_000_000), ("KB/s", 1_000), ("B/s", 1)];

    /// <inheritdoc/>
    public override ValueShape Shape => new(Pattern: "^(0|[1-9][0-9]{0,8}(B|KB|MB)/s)$");

    /// <inheritdoc/>
    public override bool TryParse(string text, out long value, [NotNullWhen(false)] out ValueProblem? problem)
    {
        value = 0;
        problem = null;
        if (text == "0")
            return true;
        foreach ((string unit, long bytes) in _units)
        {
            if (!text.EndsWith(unit, StringComparison.Ordinal))
                continue;
            ReadOnlySpan<char> digits = text.AsSpan(..^unit.Length);
            if (text[0] != '0' && uint.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out uint count)
                && count * bytes <= 1_000_000_000)
            {
                value = count * bytes;
                return true;
            }

            break;
        }

        problem = ValueProblem.OutOfRange(Quoted.Text(text), Range);
        return false;
    }

    /// <inheritdoc/>
    public override string Format(long value)
    {
        if (value == 0)
            return "0";
        (string unit, long bytes) = Array.Find(_units, unit => value % unit.Bytes == 0);
        return string.Create(CultureInfo.InvariantCulture, $"{value / bytes}{unit}");
    }
}
