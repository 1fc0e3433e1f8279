using System.CommandLine;
using LbTcp.Configuration;

namespace LbTcp.Cli;

/// <summary>
/// What is wrong with the flags of a command line that was refused. The framework takes a flag for the value of the one before, or for one
/// more argument, and complains about what follows.
/// </summary>
/// <param name="flags">The flags that there are.</param>
internal sealed class FlagErrors(IReadOnlyList<Option> flags)
{
    /// <summary>The first mistake, in one sentence; null when it is not about a flag.</summary>
    public string? Find(IReadOnlyList<string> args)
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

    // -1 is a number, and -- alone has a meaning of its own.
    private static bool LooksLikeAFlag(string name) => name.Length > 1 && name[0] == '-' && name != "--" && !char.IsAsciiDigit(name[1]);

    private static string NameIn(string arg) => arg.Split('=', ':')[0];
}
