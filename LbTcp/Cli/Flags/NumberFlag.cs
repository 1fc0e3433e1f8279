using System.CommandLine;
using System.Globalization;
using LbTcp.Configuration;

namespace LbTcp.Cli.Flags;

/// <summary>A flag whose value is a whole number.</summary>
internal sealed class NumberFlag : Option<int>, IFlag
{
    /// <summary>Declares the flag.</summary>
    /// <param name="name">The name with its dashes.</param>
    /// <param name="default">The value when the flag is not given; null when it is computed.</param>
    /// <param name="description">What it sets, for the help page; the default is added unless it is computed.</param>
    /// <param name="least">The least value.</param>
    /// <param name="most">The greatest value.</param>
    public NumberFlag(string name, int? @default, string description, int least, int most)
        : base(name)
    {
        HelpName = "NUMBER";
        Arity = ArgumentArity.ExactlyOne;
        Description = @default is null ? description : $"{description} [{@default}]";
        if (@default is { } value)
            DefaultValueFactory = _ => value;
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number < least || number > most)
                result.AddError($"{name} is {Quoted.Text(text)}, which is not a whole number from {least} to {most}.");
            return number;
        };
    }

    /// <summary>The number, or null when it is to be computed.</summary>
    public int? Read(ParseResult parsed) => parsed.GetResult(this) is null ? null : parsed.GetValue(this);

    /// <inheritdoc/>
    public string? Show(ParseResult parsed) => Read(parsed)?.ToString(CultureInfo.InvariantCulture);
}
