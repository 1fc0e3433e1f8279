using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using LbTcp.Configuration;
using LbTcp.Configuration.Settings;

namespace LbTcp.Cli.Operate.Flags;

/// <summary>A number of events per second: <c>5/s</c>, <c>0.5/s</c>.</summary>
internal sealed class RateForm() : SettingForm<double>("RATE", "a rate from 0.1/s to 10000/s such as 5/s")
{
    /// <inheritdoc/>
    public override bool TryParse(string text, out double value, [NotNullWhen(false)] out ValueProblem? problem)
    {
        value = 0;
        bool isAccepted = text.EndsWith("/s", StringComparison.Ordinal)
            && double.TryParse(text.AsSpan(..^2), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value)
            && value is >= 0.1 and <= 10_000;
        problem = isAccepted ? null : ValueProblem.OutOfRange(Quoted.Text(text), Range);
        return problem is null;
    }

    /// <inheritdoc/>
    public override string Format(double value) => string.Create(CultureInfo.InvariantCulture, $"{value}/s");
}
