using System.Text;
using LbTcp.Configuration;

namespace LbTcp.Cli;

/// <summary>The errors of a configuration as they are printed: each with its place, its line and a caret, and their number.</summary>
internal static class ErrorReport
{
    /// <summary>The most errors that are printed with their lines; the others follow in one line each.</summary>
    private const int MostExcerpts = 20;

    /// <summary>The most errors that are printed; the number of the others follows.</summary>
    private const int MostErrors = 1000;

    /// <summary>The most sources that are named after the number of errors.</summary>
    private const int MostSources = 3;

    /// <summary>Formats one or more errors.</summary>
    /// <param name="errors">The errors, in the order in which they are printed.</param>
    /// <param name="hint">A sentence for the end of the report; null for none.</param>
    /// <param name="newLine">Ends every line.</param>
    public static string Format(IReadOnlyList<ConfigurationError> errors, string? hint, string newLine)
    {
        string end = $"{(hint is null ? "" : $" {hint}")}{newLine}";
        if (errors is [{ Line: null } single])
            return $"lbtcp: {single.Message}{end}";

        var report = new StringBuilder();
        for (int i = 0; i < Math.Min(errors.Count, MostErrors); i++)
        {
            ConfigurationError error = errors[i];
            report.Append(error.Line is null ? "lbtcp: " : "").Append(error).Append(newLine);
            if (i < MostExcerpts && error is { Line: { } line, Column: { } column, LineText: { } text })
                report.Append(LineExcerpt.Format(line, column, text, newLine));
        }

        if (errors.Count > MostErrors)
            report.Append($"... and {errors.Count - MostErrors} more{newLine}");
        return report.Append($"lbtcp: {Count(errors)}{(hint is null ? "" : ".")}{end}").ToString();
    }

    private static string Count(IReadOnlyList<ConfigurationError> errors)
    {
        string count = errors.Count == 1 ? "1 error" : $"{errors.Count} errors";
        string[] sources = [.. errors.Select(error => error.Source).Distinct().Take(MostSources + 1)];
        return sources.Length > MostSources ? count : $"{count} in {string.Join(" and ", sources)}";
    }
}
