using System.CommandLine;
using LbTcp.Configuration.Settings;

namespace LbTcp.Cli.Flags;

/// <summary>The flag of a setting. The framework takes its value as text: for a bool, it would take true and false only.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
internal sealed class SettingFlag<T> : Option<string>, IFlag
{
    private readonly Setting<T> _setting;

    /// <summary>Declares the flag.</summary>
    /// <param name="setting">The setting; the flag has its name, with dashes.</param>
    /// <param name="aliases">Short names.</param>
    public SettingFlag(Setting<T> setting, params string[] aliases)
        : base(FlagName.Of(setting), aliases)
    {
        _setting = setting;
        HelpName = setting.Placeholder;
        Arity = ArgumentArity.ExactlyOne;
        Description = setting.Description;
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (!setting.Form.TryParse(text, out _, out ValueProblem? problem))
                result.AddError($"{Name}{problem.Predicate}");
            return text;
        };
    }

    /// <inheritdoc/>
    public Setting Setting => _setting;

    /// <summary>The value in effect.</summary>
    /// <param name="parsed">A command line without errors.</param>
    public T Read(ParseResult parsed) =>
        parsed.GetValue(this) is { } text && _setting.Form.TryParse(text, out T? value, out _) ? value : _setting.Default;

    /// <inheritdoc/>
    public string? Format(ParseResult parsed) => Read(parsed) is { } value ? _setting.Form.Format(value) : null;
}
