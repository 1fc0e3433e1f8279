using System.Diagnostics.CodeAnalysis;
using LbTcp.Configuration.Settings;

namespace LbTcp.Cli.Operate.Flags;

/// <summary>A weight, or <c>-</c> for that of the configuration.</summary>
internal sealed class WeightForm()
    : SettingForm<int?>($"{BackendSettings.Weight.Placeholder}|{FromConfiguration}", $"{BackendSettings.Weight.Range}, or -")
{
    private const string FromConfiguration = "-";

    /// <inheritdoc/>
    public override bool TryParse(string text, out int? value, [NotNullWhen(false)] out ValueProblem? problem)
    {
        value = null;
        problem = null;
        if (text == FromConfiguration)
            return true;
        bool isAccepted = BackendSettings.Weight.Form.TryParse(text, out int weight, out ValueProblem? other);
        problem = isAccepted ? null : other;
        value = isAccepted ? weight : null;
        return problem is null;
    }

    /// <inheritdoc/>
    public override string Format(int? value) => value is { } weight ? BackendSettings.Weight.Form.Format(weight) : FromConfiguration;
}
