using System.CommandLine;
using LbTcp.Configuration.Settings;

namespace LbTcp.Cli.Flags;

/// <summary>Refuses wrong values while the command line is parsed: they may be flags that were misspelt or misplaced.</summary>
internal static class FlagValidation
{
    /// <summary>Adds a validator that reports the first value that the setting does not accept.</summary>
    public static void Validate(this Option flag, Setting setting) => flag.Validators.Add(result =>
    {
        if (result.Tokens.Select(token => setting.FindProblem(token.Value)).FirstOrDefault(problem => problem is not null) is { } first)
            result.AddError($"{flag.Name}{first.Predicate}");
    });
}
