using System.Diagnostics.CodeAnalysis;

namespace LbTcp.Configuration.Settings;

/// <summary>One of a few words.</summary>
/// <typeparam name="T">What the words stand for.</typeparam>
/// <param name="choices">The words, in the order in which they are shown, and their values.</param>
internal sealed class ChoiceForm<T>(params (string Word, T Value)[] choices) : SettingForm<T>(Placeholders(choices), Words(choices))
    where T : struct
{
    /// <inheritdoc/>
    public override bool TryParse(string text, out T value, [NotNullWhen(false)] out ValueProblem? problem)
    {
        (string? word, value) = Array.Find(choices, choice => choice.Word == text);
        problem = word is null ? Unknown(text) : null;
        return problem is null;
    }

    /// <inheritdoc/>
    public override string Format(T value) => Array.Find(choices, choice => choice.Value.Equals(value)).Word;

    private ValueProblem Unknown(string text)
    {
        string[] words = [.. choices.Select(choice => choice.Word)];
        if (NearestWord.Of(text, words) is not { } near)
            return new ValueProblem($" is {Quoted.Text(text)}; use {string.Join(" or ", words)}.", $"which is not {Range}.");
        string clause = $"which is unknown; did you mean {near}?";
        return new ValueProblem($" is {Quoted.Text(text)}, {clause}", clause);
    }

    private static string Placeholders((string Word, T Value)[] choices) => string.Join('|', choices.Select(choice => choice.Word));

    private static string Words((string Word, T Value)[] choices) =>
        $"{string.Join(", ", choices[..^1].Select(choice => choice.Word))} or {choices[^1].Word}";
}
