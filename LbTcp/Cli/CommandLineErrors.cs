using System.CommandLine;
using System.CommandLine.Parsing;
using LbTcp.Configuration;

namespace LbTcp.Cli;

/// <summary>
/// Finds the mistakes of a command line that the framework refused. The framework takes an unknown or misplaced flag for a value or an
/// argument and reports what follows it; such consequences of another mistake are left out.
/// </summary>
/// <param name="root">The command with its flags and verbs.</param>
internal sealed class CommandLineErrors(RootCommand root)
{
    private readonly Option[] _flags = [.. root.Options.Concat(root.Subcommands.SelectMany(command => command.Options)).Distinct()];

    /// <summary>Describes every mistake in one or two sentences; empty if there is none.</summary>
    public IReadOnlyList<string> FindAll(IReadOnlyList<string> args, ParseResult parsed)
    {
        // The framework ignores directives.
        IEnumerable<string> directives = parsed.Tokens
            .Where(token => token.Type is TokenType.Directive)
            .Select(token => $"Unrecognized command or argument '{token.Value}'.");
        if (parsed.Errors.Count == 0)
            return [.. directives];

        Mistake[] mistakes = [.. FindMistakes(args)];
        IEnumerable<(int Index, string Sentence)> values = parsed.Errors
            .Where(error => error.SymbolResult is OptionResult result && !mistakes.Any(mistake => mistake.Explains(result)))
            .Select(error => (IndexOf(args, (OptionResult)error.SymbolResult!), error.Message));
        string[] sentences =
        [
            .. mistakes.Select(mistake => (mistake.Index, mistake.Sentence)).Concat(values)
                .OrderBy(mistake => mistake.Index).Select(mistake => mistake.Sentence),
        ];
        return sentences.Length > 0 ? sentences : [.. parsed.Errors.Select(error => error.Message).Distinct(), .. directives];
    }

    private IEnumerable<Mistake> FindMistakes(IReadOnlyList<string> args)
    {
        if (NearestVerb(args[0]) is { } verb)
            yield return new(0, args[0], null, $"There is no verb {Quoted.Text(args[0])}; did you mean {verb}?");
        for (int i = 0; i < args.Count; i++)
        {
            string name = NameIn(args[i]);
            if (LooksLikeAFlag(name) && FindMistake(args, i, name) is { } mistake)
                yield return mistake;
        }
    }

    private Mistake? FindMistake(IReadOnlyList<string> args, int index, string name)
    {
        if (FlagOf(name) is not { } flag)
        {
            return new(index, args[index], null,
                $"There is no flag {Quoted.Text(name)}{(NearestFlag(name) is { } near ? $"; did you mean {near}?" : ".")}");
        }

        if (flag.Arity.MinimumNumberOfValues == 0 || name != args[index])
            return null; // it takes no value, or has one after = or :
        if (index + 1 == args.Count)
            return new(index, args[index], flag, $"{name} has no value.");
        return FlagOf(NameIn(args[index + 1])) is null
            ? null
            : new(index, args[index], flag, $"{name} has no value: the next word is the flag {NameIn(args[index + 1])}.");
    }

    private Option? FlagOf(string name) => Array.Find(_flags, flag => flag.Name == name || flag.Aliases.Contains(name));

    private string? NearestFlag(string name) =>
        name.StartsWith("--", StringComparison.Ordinal) ? NearestWord.Of(name, _flags.Select(flag => flag.Name)) : null;

    private string? NearestVerb(string word) =>
        LooksLikeAFlag(word) || root.Subcommands.Any(verb => verb.Name == word)
            ? null
            : NearestWord.Of(word, root.Subcommands.Where(verb => !verb.Hidden).Select(verb => verb.Name));

    // -1 is a number, and -- ends the flags.
    private static bool LooksLikeAFlag(string name) => name.Length > 1 && name[0] == '-' && name != "--" && !char.IsAsciiDigit(name[1]);

    private static int IndexOf(IReadOnlyList<string> args, OptionResult result) =>
        args.TakeWhile(arg => NameIn(arg) != result.IdentifierToken?.Value).Count();

    private static string NameIn(string arg) => arg.Split('=', ':')[0];

    private sealed record Mistake(int Index, string Arg, Option? Flag, string Sentence)
    {
        // The framework reports the flag that has no value, and one whose values include the unknown flag.
        public bool Explains(OptionResult result) => result.Option == Flag || result.Tokens.Any(token => token.Value == Arg);
    }
}
