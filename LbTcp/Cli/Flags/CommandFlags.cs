using System.CommandLine;
using LbTcp.Configuration.Settings;

namespace LbTcp.Cli.Flags;

/// <summary>Every flag of the program: one for each setting of the <see cref="Catalogue"/>, and what is no setting.</summary>
internal sealed class CommandFlags
{
    private readonly Option<bool> _validate = new("--validate")
    {
        Arity = ArgumentArity.Zero,
        Description = "the same as the verb check: check the configuration, print the effective settings, and exit without listening",
    };

    /// <summary>Declares the flags.</summary>
    public CommandFlags()
    {
        FlagGroup[] settings = [.. Catalogue.Groups.Select(group => new FlagGroup(group.Title, [.. group.Settings.Select(Declare)]))];
        Groups = [.. settings, new("Other", [_validate])];
    }

    /// <summary>All flags but <c>--help</c> and <c>--version</c>, in the order of the help page.</summary>
    public IReadOnlyList<FlagGroup> Groups { get; }

    /// <summary>Whether to check everything and exit without listening.</summary>
    public bool IsValidateOnly(ParseResult parsed) => parsed.GetValue(_validate);

    /// <summary>Reads the texts of the settings whose flags were given.</summary>
    /// <param name="parsed">A command line without errors.</param>
    public IReadOnlyDictionary<Setting, IReadOnlyList<string>> Read(ParseResult parsed)
    {
        var given = new Dictionary<Setting, IReadOnlyList<string>>();
        foreach (IFlag flag in Groups.SelectMany(group => group.Flags).OfType<IFlag>())
        {
            if (flag.Read(parsed) is { } texts)
                given.Add(flag.Setting, texts);
        }

        return given;
    }

    private static Option Declare(Setting setting)
    {
        if (setting == ServiceSettings.Listen)
            return new ListFlag(setting, "-l");
        if (setting == ServiceSettings.Backends)
            return new ListFlag(setting, "-b") { HelpName = $"{setting.Placeholder}...", AllowMultipleArgumentsPerToken = true };
        if (setting == ServiceSettings.BackendsFile)
            return new SettingFlag(setting, "-f");
        if (setting.IsList)
            return new ListFlag(setting) { HelpName = $"{setting.Placeholder}...", AllowMultipleArgumentsPerToken = true };
        return setting == ServiceSettings.ConfigurationFile ? new SettingFlag(setting, "-c") : new SettingFlag(setting);
    }
}
