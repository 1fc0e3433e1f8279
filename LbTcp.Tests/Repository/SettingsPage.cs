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
            Write(page, group, hasFlags: true);
        Write(
            page,
            new("A service of a configuration file", [.. ServiceBindings.FileOnly.Select(binding => binding.Setting)]),
            hasFlags: false);
        Write(page, new("A backend", [.. BackendKeys.All.Select(key => key.Setting)]), hasFlags: false);
        return page.ToString().TrimEnd('\n') + "\n";
    }

    /// <summary>Replaces the generated part of a page.</summary>
    public static string ReplaceIn(string page)
    {
        int begin = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        int end = page.IndexOf(End, StringComparison.Ordinal);
        return $"{page[..begin]}\n\n{Write()}\n{page[end..]}";
    }

    // A setting without a flag has no variable either.
    private static void Write(StringBuilder page, SettingGroup group, bool hasFlags)
    {
        string[] head = ["setting", .. hasFlags ? ["flag and variable"] : Array.Empty<string>(), "values", "default", "example", "meaning"];
        page.Append($"### {group.Title}\n\n{Row(head)}|{string.Concat(head.Select(_ => "---|"))}\n");
        foreach (Setting setting in group.Settings)
        {
            string[] names = hasFlags ? [$"`{setting.Flag}`<br>`{setting.Variable}`"] : [];
            page.Append(Row(
                [$"`{setting.Name}`", .. names, Values(setting), setting.DefaultText, $"`{setting.Example}`", setting.Description]));
        }

        page.Append('\n');
    }

    private static string Row(string[] cells) =>
        $"| {string.Join(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal)))} |\n";

    private static string Values(Setting setting) => setting switch
    {
        { Shape: { Words: not null, Pattern: not null } } => setting.Range,
        { Shape.Words: { } words } => string.Join(", ", words),
        { Shape.Pattern: not null } when setting.FindProblem("0") is null => $"0, or a time {setting.Range}",
        { Shape.Pattern: not null } => $"a time {setting.Range}",
        _ => setting.Range,
    };
}
