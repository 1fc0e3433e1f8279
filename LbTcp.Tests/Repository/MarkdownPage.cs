namespace LbTcp.Tests.Repository;

/// <summary>The tables of a Markdown page by the heading above them.</summary>
internal sealed class MarkdownPage
{
    private readonly string _text;

    /// <summary>Reads a page.</summary>
    /// <param name="path">Its path, relative to the root of the repository.</param>
    public MarkdownPage(string path) => _text = RepositoryFiles.Read(path);

    /// <summary>The rows of the tables in a section, without their headings: one array of cells for each row, backquotes removed.</summary>
    /// <param name="heading">The heading of the section, without number signs.</param>
    public IReadOnlyList<string[]> Rows(string heading)
    {
        string[] lines = _text.ReplaceLineEndings("\n").Split('\n');
        int start = Array.FindIndex(lines, line => line.StartsWith('#') && line.TrimStart('#').Trim() == heading);
        Assert.True(start >= 0, $"The page has no heading '{heading}'.");
        string[][] rows =
        [
            .. lines.Skip(start + 1)
                .TakeWhile(line => !line.StartsWith('#'))
                .Where(line => line.StartsWith('|'))
                .Select(CellsOf),
        ];
        return [.. rows.Where((cells, index) => !IsRule(cells) && (index + 1 == rows.Length || !IsRule(rows[index + 1])))];
    }

    private static string[] CellsOf(string line) => [.. line.Trim('|').Split('|').Select(cell => cell.Trim().Trim('`'))];

    private static bool IsRule(string[] cells) => cells.All(cell => cell.Length > 0 && cell.Trim('-', ':').Length == 0);
}
