using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using LbTcp.Configuration;
using LbTcp.Configuration.Settings;

namespace LbTcp.Cli.Operate.Flags;

/// <summary>A fraction as a percentage: <c>10%</c> is 0.1.</summary>
internal sealed class PercentForm() : SettingForm<double>("PERCENT", "a percentage from 0% to 100% such as 10%")
{
    /// <inheritdoc/>
    public override bool TryParse(string text, out double value, [NotNullWhen(false)] out ValueProblem? problem)
    {
        value = 0;
        bool isAccepted = text.EndsWith('%')
            && double.TryParse(text.AsSpan(..^1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value)
            && value is >= 0 and <= 100;
        value /= 100;
        problem = isAccepted ? null : ValueProblem.OutOfRange(Quoted.Text(text), Range);
        return problem is null;
    }

    /// <inheritdoc/>
    public override string Format(double value) => string.Create(CultureInfo.InvariantCulture, $"{value * 100:0.##}%");
}
