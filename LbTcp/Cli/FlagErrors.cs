using System.CommandLine;
using LbTcp.Configuration;

namespace LbTcp.Cli;

/// <summary>
/// Finds the wrong flag of a command line that the framework refused. The framework takes an unknown or misplaced flag for a value or an
/// argument and reports what follows it.
/// </summary>
/// <param name="flags">The known flags.</param>
internal sealed class FlagErrors(IReadOnlyList<Option> flags)
{
    /// <summary>Describes the first error that concerns a flag, in one sentence; null if there is none.</summary>
    public string? FindFirst(IReadOnlyList<string> args)
    {
        for (int i = 0; i < args.Count; i++)
        {
            string name = NameIn(args[i]);
            if (!LooksLikeAFlag(name))
                continue;
            if (FlagOf(name) is not { } flag)
                return $"There is no flag {Quoted.Text(name)}{(Nearest(name) is { } near ? $"; did you mean {near}?" : ".")}";
            if (flag.Arity.MinimumNumberOfValues == 0 || name != args[i])
                continue; // it takes no value, or has one after = or :
            if (i + 1 == args.Count)
                return $"{name} has no value.";
            if (FlagOf(NameIn(args[i + 1])) is not null)
                return $"{name} has no value: the next word is the flag {NameIn(args[i + 1])}.";
        }

        return null;
    }

    private Option? FlagOf(string name) => flags.FirstOrDefault(flag => flag.Name == name || flag.Aliases.Contains(name));

    private string? Nearest(string name) =>
        name.StartsWith("--", StringComparison.Ordinal) ? NearestWord.Of(name, flags.Select(flag => flag.Name)) : null;

    // -1 is a number, and -- ends the flags.
    private static bool LooksLikeAFlag(string name) => name.Length > 1 && name[0] == '-' && name != "--" && !char.IsAsciiDigit(name[1]);

    private static string NameIn(string arg) => arg.Split('=', ':')[0];
}
