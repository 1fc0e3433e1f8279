using System.CommandLine;

namespace LbTcp.Cli.Flags;

/// <summary>A flag whose value is text.</summary>
internal sealed class TextFlag : Option<string>, IFlag
{
    /// <summary>Declares the flag.</summary>
    /// <param name="name">The name with its dashes.</param>
    /// <param name="aliases">Short names.</param>
    /// <param name="valueName">What the value is called on the help page.</param>
    /// <param name="description">What it sets, for the help page.</param>
    /// <param name="default">The value when the flag is not given; null for none.</param>
    /// <param name="findProblem">Says what is wrong with a value, in one sentence; null when it is right.</param>
    public TextFlag(string name, string[] aliases, string valueName, string description, string? @default, Func<string, string?> findProblem)
        : base(name, aliases)
    {
        HelpName = valueName;
        Arity = ArgumentArity.ExactlyOne;
        Description = description;
        if (@default is not null)
            DefaultValueFactory = _ => @default;
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (findProblem(text) is { } problem)
                result.AddError($"{name}: {problem}");
            return text;
        };
    }

    /// <inheritdoc/>
    public string? Show(ParseResult parsed) => parsed.GetValue(this);
}
