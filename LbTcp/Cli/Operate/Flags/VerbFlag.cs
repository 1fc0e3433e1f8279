using System.CommandLine;
using LbTcp.Cli.Flags;
using LbTcp.Configuration.Settings;

namespace LbTcp.Cli.Operate.Flags;

/// <summary>A flag of a verb with one value, which is described and checked as a setting is.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
internal sealed class VerbFlag<T> : Option<string>, IVerbSymbol
{
    private readonly Setting<T> _setting;

    /// <summary>Declares the flag.</summary>
    public VerbFlag(Setting<T> setting)
        : base(setting.Flag)
    {
        _setting = setting;
        HelpName = setting.Placeholder;
        Arity = ArgumentArity.ExactlyOne;
        Description = setting.Description;
        this.Validate(setting);
    }

    /// <inheritdoc/>
    public Setting Setting => _setting;

    /// <summary>The value, or the default if the flag was not given.</summary>
    public T Read(ParseResult parsed) =>
        parsed.GetValue(this) is { } text && _setting.Form.TryParse(text, out T? value, out _) ? value : _setting.Default;
}
