using System.CommandLine;
using LbTcp.Configuration.Settings;

namespace LbTcp.Cli.Flags;

/// <summary>The flag of a setting with one value. The framework takes it as text: for a bool, it would take true and false only.</summary>
internal sealed class SettingFlag : Option<string>, IFlag
{
    /// <summary>Declares the flag.</summary>
    /// <param name="setting">The setting.</param>
    /// <param name="aliases">Short names.</param>
    public SettingFlag(Setting setting, params string[] aliases)
        : base(setting.Flag, aliases)
    {
        Setting = setting;
        HelpName = setting.Placeholder;
        Arity = ArgumentArity.ExactlyOne;
        Description = setting.Description;
        this.Validate(setting);
    }

    /// <inheritdoc/>
    public Setting Setting { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string>? Read(ParseResult parsed) => parsed.GetValue(this) is { } text ? [text] : null;
}
