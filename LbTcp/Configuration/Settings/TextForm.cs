using System.Diagnostics.CodeAnalysis;

namespace LbTcp.Configuration.Settings;

/// <summary>A text that is taken as it is.</summary>
/// <param name="placeholder">Stands for a value on the help page.</param>
/// <param name="range">The accepted values, as the end of a sentence with "is not".</param>
/// <param name="findProblem">Says what is wrong with a text, in one sentence; null if it is accepted.</param>
internal sealed class TextForm(string placeholder, string range, Func<string, string?> findProblem)
    : SettingForm<string>(placeholder, range)
{
    /// <inheritdoc/>
    public override bool TryParse(string text, [MaybeNullWhen(false)] out string value, [NotNullWhen(false)] out ValueProblem? problem)
    {
        problem = findProblem(text) is { } error ? ValueProblem.Of(error) : null;
        value = problem is null ? text : null;
        return problem is null;
    }

    /// <inheritdoc/>
    public override string Format(string value) => value;
}
