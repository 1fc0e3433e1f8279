using System.CommandLine;
using LbTcp.Configuration.Settings;

namespace LbTcp.Cli.Flags;

/// <summary>The flag of a setting with many values, which may be repeated.</summary>
internal sealed class ListFlag : Option<string[]>, IFlag
{
    /// <summary>Declares the flag.</summary>
    /// <param name="setting">The setting.</param>
    /// <param name="aliases">Short names.</param>
    public ListFlag(Setting setting, params string[] aliases)
        : base(setting.Flag, aliases)
    {
        Setting = setting;
        HelpName = setting.Placeholder;
        Arity = ArgumentArity.OneOrMore;
        Description = setting.Description;
        this.Validate(setting);
    }

    /// <inheritdoc/>
    public Setting Setting { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string>? Read(ParseResult parsed) => parsed.GetValue(this) is { Length: > 0 } texts ? texts : null;
}
