using System.Text;
using LbTcp.Configuration;
using LbTcp.Configuration.Settings;

namespace LbTcp.Tests.Repository;

/// <summary>The generated part of docs/configuration.md: a table for each group of settings.</summary>
internal static class SettingsPage
{
    /// <summary>The line before the generated part.</summary>
    public const string Begin = "<!-- generated from the settings: begin -->";

    /// <summary>The line after the generated part.</summary>
    public const string End = "<!-- generated from the settings: end -->";

    /// <summary>Writes the generated part.</summary>
    public static string Write()
    {
        var page = new StringBuilder();
        foreach (SettingGroup group in Catalogue.Groups)
            Write(page, group);
        Write(page, new("A service of a configuration file", [.. ServiceBindings.FileOnly.Select(binding => binding.Setting)]));
        Write(page, new("A backend", [.. BackendKeys.All.Select(key => key.Setting)]));
        return page.ToString().TrimEnd('\n') + "\n";
    }

    /// <summary>Replaces the generated part of a page.</summary>
    public static string ReplaceIn(string page)
    {
        int begin = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        int end = page.IndexOf(End, StringComparison.Ordinal);
        return $"{page[..begin]}\n\n{Write()}\n{page[end..]}";
    }

    private static void Write(StringBuilder page, SettingGroup group)
    {
        page.Append($"### {group.Title}\n\n| setting | values | default | meaning |\n|---|---|---|---|\n");
        foreach (Setting setting in group.Settings)
        {
            string[] cells = [$"`{setting.Name}`", Cell(Values(setting)), Cell(setting.DefaultText), Cell(setting.Description)];
            page.Append($"| {string.Join(" | ", cells)} |\n");
        }

        page.Append('\n');
    }

    private static string Values(Setting setting) => setting switch
    {
        { Shape.Words: { } words } => string.Join(", ", words),
        { Shape.Pattern: not null } when setting.FindProblem("0") is null => $"0, or {setting.Range}",
        _ => setting.Range,
    };

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
