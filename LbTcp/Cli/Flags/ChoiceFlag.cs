using System.CommandLine;
using LbTcp.Backends;

namespace LbTcp.Cli.Flags;

/// <summary>A flag whose value is one of a few words.</summary>
/// <typeparam name="T">What the words stand for.</typeparam>
internal sealed class ChoiceFlag<T> : Option<T>, IFlag
    where T : notnull
{
    private readonly (string Word, T Value)[] _choices;

    /// <summary>Declares the flag.</summary>
    /// <param name="name">The name with its dashes.</param>
    /// <param name="default">The value when the flag is not given; one of the choices.</param>
    /// <param name="description">What it sets, for the help page; the default is added.</param>
    /// <param name="choices">The words, in the order in which they are shown, and what they stand for.</param>
    public ChoiceFlag(string name, T @default, string description, params (string Word, T Value)[] choices)
        : base(name)
    {
        _choices = choices;
        HelpName = string.Join('|', choices.Select(choice => choice.Word));
        Arity = ArgumentArity.ExactlyOne;
        Description = $"{description} [{WordOf(@default)}]";
        DefaultValueFactory = _ => @default;
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            int index = Array.FindIndex(choices, choice => choice.Word.Equals(text, StringComparison.Ordinal));
            if (index >= 0)
                return choices[index].Value;
            result.AddError($"{name} is {Quoted.Text(text)}; use {string.Join(" or ", choices.Select(choice => choice.Word))}.");
            return @default;
        };
    }

    /// <inheritdoc/>
    public string? Show(ParseResult parsed) => WordOf(parsed.GetRequiredValue(this));

    private string WordOf(T value) => Array.Find(_choices, choice => choice.Value.Equals(value)).Word;
}
