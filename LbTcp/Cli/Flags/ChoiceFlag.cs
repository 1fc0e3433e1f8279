using System.CommandLine;
using LbTcp.Configuration;

namespace LbTcp.Cli.Flags;

/// <summary>A flag whose value is one of a few words; text to the framework, which would take only true and false for a bool.</summary>
/// <typeparam name="T">What the words stand for.</typeparam>
internal sealed class ChoiceFlag<T> : Option<string>, IFlag
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
        string defaultWord = Array.Find(choices, choice => choice.Value.Equals(@default)).Word;
        HelpName = string.Join('|', choices.Select(choice => choice.Word));
        Arity = ArgumentArity.ExactlyOne;
        Description = $"{description} [{defaultWord}]";
        DefaultValueFactory = _ => defaultWord;
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (!Array.Exists(choices, choice => choice.Word == text))
                result.AddError($"{name} is {Quoted.Text(text)}; use {string.Join(" or ", choices.Select(choice => choice.Word))}.");
            return text;
        };
    }

    /// <summary>What the word in effect stands for.</summary>
    public T Read(ParseResult parsed) => Array.Find(_choices, choice => choice.Word == Show(parsed)).Value;

    /// <inheritdoc/>
    public string? Show(ParseResult parsed) => parsed.GetValue(this);
}
