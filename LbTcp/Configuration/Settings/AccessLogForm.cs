using System.Diagnostics.CodeAnalysis;

namespace LbTcp.Configuration.Settings;

/// <summary>Which ended connections are logged: a word, or a sample.</summary>
internal sealed class AccessLogForm()
    : SettingForm<AccessLog>("on|off|errors|sample=1/N", "on, off, errors or a sample such as sample=1/100")
{
    private const string Choices = "on, off, errors or sample=1/100";

    /// <inheritdoc/>
    public override ValueShape Shape => new(Words: AccessLog.Words, Pattern: AccessLog.SamplePattern, IsSwitch: true);

    /// <inheritdoc/>
    public override bool TryParse(string text, out AccessLog value, [NotNullWhen(false)] out ValueProblem? problem)
    {
        problem = AccessLog.TryParse(text, out value)
            ? null
            : new ValueProblem($" is {Quoted.Text(text)}; use {Choices}.", $"which is not {Range}.");
        return problem is null;
    }

    /// <inheritdoc/>
    public override string Format(AccessLog value) => value.ToString();
}
