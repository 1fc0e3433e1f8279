using System.Diagnostics.CodeAnalysis;

namespace LbTcp.Configuration.Settings;

/// <summary>Reads a text from outside.</summary>
/// <param name="text">The text.</param>
/// <param name="value">The value if the text is one.</param>
/// <param name="error">Otherwise what is wrong, in one sentence that quotes the text.</param>
internal delegate bool TextParser<T>(string text, [NotNullWhen(true)] out T? value, [NotNullWhen(false)] out string? error)
    where T : class;

/// <summary>A text with a parser of its own, such as an address or a path.</summary>
/// <typeparam name="T">What the text stands for.</typeparam>
/// <param name="placeholder">Stands for a value on the help page.</param>
/// <param name="range">The accepted values, as the end of a sentence with "is not".</param>
/// <param name="parse">Reads a text.</param>
/// <param name="format">Formats a value as <paramref name="parse"/> reads it.</param>
internal sealed class ParsedForm<T>(string placeholder, string range, TextParser<T> parse, Func<T, string> format)
    : SettingForm<T>(placeholder, range)
    where T : class
{
    /// <inheritdoc/>
    public override bool TryParse(string text, [MaybeNullWhen(false)] out T value, [NotNullWhen(false)] out ValueProblem? problem)
    {
        problem = parse(text, out value, out string? error) ? null : ValueProblem.Of(error);
        return problem is null;
    }

    /// <inheritdoc/>
    public override string Format(T value) => format(value);
}
