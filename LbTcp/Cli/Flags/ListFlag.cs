using System.CommandLine;
using System.CommandLine.Parsing;

namespace LbTcp.Cli.Flags;

/// <summary>A flag that takes many values, no value twice.</summary>
/// <typeparam name="T">What a value stands for.</typeparam>
internal sealed class ListFlag<T> : Option<IReadOnlyList<T>>
    where T : class
{
    /// <summary>Declares the flag, with no value as its default.</summary>
    /// <param name="name">The name with its dashes.</param>
    /// <param name="alias">The short name.</param>
    /// <param name="description">What it sets, for the help page.</param>
    /// <param name="read">Reads one value: what it stands for, or else what is wrong with it, in one sentence.</param>
    /// <param name="identities">What no two values may have in common; nothing for a value that may be repeated.</param>
    public ListFlag(string name, string alias, string description, Func<string, (T? Value, string? Error)> read, Func<T, IReadOnlyList<string>> identities)
        : base(name, alias)
    {
        Arity = ArgumentArity.OneOrMore;
        Description = description;
        DefaultValueFactory = _ => [];
        CustomParser = result => ReadAll(result, read, identities);
    }

    private List<T> ReadAll(ArgumentResult result, Func<string, (T? Value, string? Error)> read, Func<T, IReadOnlyList<string>> identities)
    {
        var values = new List<T>(result.Tokens.Count);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (Token token in result.Tokens)
        {
            (T? value, string? error) = read(token.Value);
            if (value is not null && identities(value).FirstOrDefault(identity => !seen.Add(identity)) is { } repeated)
                error = $"{repeated} is given twice.";
            if (error is not null)
            {
                result.AddError($"{Name}: {error}");
                break;
            }

            values.Add(value!);
        }

        return values;
    }
}
