using System.CommandLine;
using LbTcp.Configuration.Settings;

namespace LbTcp.Cli.Flags;

/// <summary>Refuses wrong values while the command line is parsed: they may be flags that were misspelt or misplaced.</summary>
internal static class FlagValidation
{
    /// <summary>Adds a validator that reports every value that the setting does not accept.</summary>
    public static void Validate(this Option flag, Setting setting) => flag.Validators.Add(result =>
    {
        foreach (ValueProblem problem in result.Tokens.Select(token => setting.FindProblem(token.Value)).OfType<ValueProblem>())
            result.AddError($"{flag.Name}{problem.Predicate}");
    });
}
