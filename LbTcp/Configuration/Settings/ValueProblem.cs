namespace LbTcp.Configuration.Settings;

/// <summary>
/// What is wrong with the text of a value, in two phrasings of the same sentence. Text from outside is quoted and escaped.
/// </summary>
/// <param name="Predicate">Follows the name of the setting: <c> is '0', which is not a whole number from 1 to 9.</c></param>
/// <param name="Clause">Follows a comma after name and text: <c>which is not a whole number from 1 to 9.</c></param>
internal sealed record ValueProblem(string Predicate, string Clause)
{
    /// <summary>The text is outside the range of the form.</summary>
    /// <param name="text">The text, quoted where it may hold anything.</param>
    /// <param name="range">The accepted values, <see cref="SettingForm{T}.Range"/>.</param>
    public static ValueProblem OutOfRange(string text, string range) => new($" is {text}, which is not {range}.", $"which is not {range}.");

    /// <summary>The text is wrong for a reason that a sentence of its own explains.</summary>
    /// <param name="sentence">The sentence; it quotes the text.</param>
    public static ValueProblem Of(string sentence) => new($": {sentence}", $"where {sentence}");
}
