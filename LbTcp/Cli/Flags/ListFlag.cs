using System.CommandLine;
using LbTcp.Configuration.Settings;

namespace LbTcp.Cli.Flags;

/// <summary>The flag of a setting with many values.</summary>
/// <typeparam name="T">The type of one value.</typeparam>
internal sealed class ListFlag<T> : Option<IReadOnlyList<T>>, IFlag
{
    private readonly ListSetting<T> _setting;

    /// <summary>Declares the flag.</summary>
    /// <param name="setting">The setting; the flag has its name, with dashes.</param>
    /// <param name="alias">The short name.</param>
    public ListFlag(ListSetting<T> setting, string alias)
        : base(FlagName.Of(setting), alias)
    {
        _setting = setting;
        HelpName = setting.Placeholder;
        Arity = ArgumentArity.OneOrMore;
        Description = setting.Description;
        DefaultValueFactory = _ => setting.Default;
        CustomParser = result =>
        {
            _ = setting.TryParse(
                result.Tokens.Select(token => token.Value), out IReadOnlyList<T>? values, out IReadOnlyList<ValueProblem> problems);
            foreach (ValueProblem problem in problems)
                result.AddError($"{Name}{problem.Predicate}");
            return values;
        };
    }

    /// <inheritdoc/>
    public Setting Setting => _setting;

    /// <summary>The values in effect.</summary>
    /// <param name="parsed">A command line without errors.</param>
    public IReadOnlyList<T> Read(ParseResult parsed) => parsed.GetRequiredValue(this);

    /// <inheritdoc/>
    public string? Format(ParseResult parsed) => null;
}
