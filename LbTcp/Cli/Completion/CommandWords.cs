using System.CommandLine;

namespace LbTcp.Cli.Completion;

/// <summary>The words of a command, for completion.</summary>
/// <param name="Name">The verb; empty for the program itself.</param>
/// <param name="Description">What it does.</param>
/// <param name="Flags">Its flags.</param>
/// <param name="Arguments">The values of its arguments, in order.</param>
/// <param name="Verbs">The verbs below it.</param>
internal sealed record CommandWords(
    string Name, string Description, IReadOnlyList<FlagWords> Flags, IReadOnlyList<ValueWords> Arguments, IReadOnlyList<CommandWords> Verbs)
{
    /// <summary>Reads the declarations of a program; hidden verbs are left out.</summary>
    public static CommandWords Of(RootCommand root) => Of(root, name: "", [.. root.Options.Where(option => option.Recursive)]);

    private static CommandWords Of(Command command, string name, IReadOnlyList<Option> recursive)
    {
        IEnumerable<Option> options = command.Options.Concat(recursive).Distinct();
        return new CommandWords(
            name,
            command.Description ?? "",
            [.. options.SelectMany(FlagWords.Of)],
            [.. command.Arguments.Select(ValueWords.Of)],
            [.. command.Subcommands.Where(verb => !verb.Hidden).Select(verb => Of(verb, verb.Name, recursive))]);
    }
}

/// <summary>One name of a flag.</summary>
/// <param name="Name">The name with its dashes.</param>
/// <param name="Description">What it sets.</param>
/// <param name="Value">Its value.</param>
internal sealed record FlagWords(string Name, string Description, ValueWords Value)
{
    /// <summary>All names of a flag.</summary>
    public static IEnumerable<FlagWords> Of(Option flag) =>
        flag.Aliases.Prepend(flag.Name).Select(name => new FlagWords(name, flag.Description ?? "", ValueWords.Of(flag)));
}
