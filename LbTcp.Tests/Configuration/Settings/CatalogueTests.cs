using System.Net;
using System.Reflection;
using System.Text.RegularExpressions;
using LbTcp.Cli.Flags;
using LbTcp.Configuration;
using LbTcp.Configuration.Settings;
using LbTcp.Tests.Repository;

namespace LbTcp.Tests.Configuration.Settings;

/// <summary>What holds for every setting.</summary>
public partial class CatalogueTests
{
    private static readonly Setting[] _all =
        [.. Catalogue.All, .. BackendSettings.All, .. ServiceBindings.FileOnly.Select(binding => binding.Setting)];

    [Fact]
    public void All_Settings_AreThoseOfTheFlags() => Assert.Equal(
        Catalogue.All.OrderBy(setting => setting.Name, StringComparer.Ordinal),
        new CommandFlags().Groups.SelectMany(group => group.Flags).OfType<IFlag>().Select(flag => flag.Setting)
            .OrderBy(setting => setting.Name, StringComparer.Ordinal));

    [Fact]
    public void All_Names_AreUniqueAndInSnakeCase()
    {
        Assert.Distinct(Catalogue.All.Select(setting => setting.Name));
        Assert.Distinct(BackendSettings.All.Select(setting => setting.Name));
        Assert.Distinct(ServiceBindings.All.Select(binding => binding.Setting.Name));
        Assert.All(_all, setting => Assert.Matches("^[a-z][a-z0-9]*(_[a-z0-9]+)*$", setting.Name));
    }

    [Fact]
    public void All_Descriptions_AreNounPhrasesWithoutAFullStop() => Assert.All(_all, setting =>
    {
        Assert.Matches("^[a-z]", setting.Description);
        Assert.DoesNotMatch(@"\.$", setting.Description);
        Assert.NotEmpty(setting.Placeholder);
    });

    // The absence of a value is no default and cannot be written.
    [Fact]
    public void All_Defaults_AreWithinRangeAndWrittenAsTheyAreRead()
    {
        MethodInfo check = typeof(CatalogueTests).GetMethod(nameof(IsReadAsWritten), BindingFlags.NonPublic | BindingFlags.Static)!;
        foreach (Setting setting in _all.Where(setting => !setting.IsList))
            Assert.True((bool)check.MakeGenericMethod(setting.GetType().GenericTypeArguments).Invoke(null, [setting])!, setting.Name);
        ListSetting<ListenAddress> listen = ServiceSettings.Listen;
        Assert.Equal(listen.Default, listen.DefaultText.Split(' ').Select(text =>
        {
            Assert.True(listen.Form.TryParse(text, out ListenAddress? address, out _));
            return address;
        }));
    }

    [Fact]
    public void All_Examples_AreAcceptedAndNotTheDefault() => Assert.All(_all, setting =>
    {
        Assert.Null(setting.FindProblem(setting.Example));
        Assert.NotEqual(setting.DefaultText, setting.Example);
    });

    [Fact]
    public void All_SettingsOfServiceAndBackendWithOneName_ShareTheirForm()
    {
        Assert.Equal(HealthCheckSettings.Kind.Placeholder, BackendSettings.Check.Placeholder);
        Assert.Equal(HealthCheckSettings.Path.Form.Range, BackendSettings.HealthPath.Form.Range);
        Assert.Equal(HealthCheckSettings.Interval.Form.Range, BackendSettings.CheckInterval.Form.Range);
    }

    // A row names one or more flags, and as many defaults in the same order; a default that is computed is described in words.
    [Fact]
    public void All_TableOfDefaultsInTheReadme_Agrees()
    {
        var shown = new Dictionary<string, (string Words, string? Default)>(StringComparer.Ordinal);
        foreach (string[] cells in ReadmeTable())
        {
            string[] defaults = [.. Code().Matches(cells[2]).Select(match => match.Groups[1].Value)];
            foreach ((int index, string flag) in Code().Matches(cells[1]).Select(match => match.Groups[1].Value).Index())
            {
                Match parts = Flag().Match(flag);
                shown.Add(parts.Groups["name"].Value, (parts.Groups["words"].Value, index < defaults.Length ? defaults[index] : null));
            }
        }

        Assert.Equal(Catalogue.All.Select(setting => setting.Flag).Order(StringComparer.Ordinal), shown.Keys.Order(StringComparer.Ordinal));
        Assert.All(Catalogue.All, setting =>
        {
            (string words, string? value) = shown[setting.Flag];
            if (setting.Placeholder.Contains('|') && words.Length > 0)
                Assert.Equal(setting.Placeholder, words);
            if (setting is Setting<int?> { Default: null } or Setting<EscapedBytes?> { Default: null }
                or Setting<EventRate?> { Default: null } or ListSetting<BackendOptions> or ListSetting<IPEndPoint>
                or ListSetting<IPAddress> or ListSetting<Network> or ListSetting<string>)
                Assert.Null(value);
            else if (setting is Setting<string> { Default: null })
                Assert.StartsWith($"{value}, ", setting.DefaultText, StringComparison.Ordinal);
            else
                Assert.Equal(setting.DefaultText, value);
        });
    }

    private static bool IsReadAsWritten<T>(Setting<T> setting) =>
        setting.Default is null
        || (setting.Form.TryParse(setting.DefaultText, out T? value, out _) && EqualityComparer<T>.Default.Equals(value, setting.Default));

    private static IEnumerable<string[]> ReadmeTable() =>
        File.ReadLines(Path.Combine(RepositoryFiles.Root.FullName, "README.md"))
            .SkipWhile(line => line != "## Defaults")
            .SkipWhile(line => !line.StartsWith('|')).TakeWhile(line => line.StartsWith('|')).Skip(2)
            .Select(line => CellBorder().Split(line.Trim().Trim('|')))
            .Select(cells => cells.Select(cell => cell.Trim().Replace("\\|", "|", StringComparison.Ordinal)).ToArray());

    [GeneratedRegex("`([^`]*)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"^(-[a-z], )?(?<name>--[a-z0-9-]+)( (?<words>\S+))?$")]
    private static partial Regex Flag();

    [GeneratedRegex(@"(?<!\\)\|")]
    private static partial Regex CellBorder();
}
