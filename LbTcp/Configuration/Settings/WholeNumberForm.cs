using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace LbTcp.Configuration.Settings;

/// <summary>A whole number within bounds, in decimal digits without sign, blanks or separators.</summary>
/// <param name="least">The least accepted number; not negative.</param>
/// <param name="most">The greatest accepted number.</param>
/// <param name="zero">The effect of 0 where it is special, as a verb phrase; otherwise null.</param>
internal sealed class WholeNumberForm(int least, int most, string? zero = null)
    : SettingForm<int>("NUMBER", $"a whole number from {least} to {most}", zero)
{
    /// <inheritdoc/>
    public override ValueShape Shape { get; } = new(Least: least, Most: most);

    /// <inheritdoc/>
    public override bool TryParse(string text, out int value, [NotNullWhen(false)] out ValueProblem? problem)
    {
        bool isAccepted = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= least && value <= most;
        problem = isAccepted ? null : ValueProblem.OutOfRange(Quoted.Text(text), Range);
        return problem is null;
    }

    /// <inheritdoc/>
    public override string Format(int value) => value.ToString(CultureInfo.InvariantCulture);
}
