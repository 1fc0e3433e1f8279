using System.Text;
using LbTcp.Configuration;

namespace LbTcp.Cli.Terminals;

/// <summary>A table of text. Columns are as wide as their widest cell; where the table is too wide, some are cut.</summary>
/// <param name="columns">The columns.</param>
/// <param name="indent">The number of blanks before each line.</param>
internal sealed class TextTable(IReadOnlyList<TableColumn> columns, int indent = 0)
{
    private const int Gap = 2;

    private readonly int[] _widths = [.. columns.Select(column => column.Title.Length)];
    private readonly List<Cell[]> _rows = [];

    /// <summary>Adds a row, with one cell per column. Text is escaped here, wherever it comes from.</summary>
    public void Add(params Cell[] cells)
    {
        for (int i = 0; i < cells.Length; i++)
        {
            cells[i] = cells[i] with { Text = SafeText.Escape(cells[i].Text) };
            _widths[i] = Math.Max(_widths[i], TerminalWidth.Of(cells[i].Text));
        }

        _rows.Add(cells);
    }

    /// <summary>Writes headings and rows.</summary>
    /// <param name="output">Receives the lines.</param>
    /// <param name="palette">Colors the cells.</param>
    /// <param name="width">The width of the terminal in columns; null for no limit.</param>
    public void Write(TextWriter output, Palette palette, int? width)
    {
        int[] widths = width is { } limit ? Fit(limit) : _widths;
        output.WriteLine(Format([.. columns.Select(column => new Cell(column.Title, Tone.Heading))], widths, palette));
        WriteRows(output, palette, widths);
    }

    /// <summary>Writes the rows that were added since, without headings; columns are never narrower than before.</summary>
    /// <inheritdoc cref="Write"/>
    public void WriteMore(TextWriter output, Palette palette, int? width) =>
        WriteRows(output, palette, width is { } limit ? Fit(limit) : _widths);

    private void WriteRows(TextWriter output, Palette palette, int[] widths)
    {
        foreach (Cell[] row in _rows)
            output.WriteLine(Format(row, widths, palette));
        _rows.Clear();
    }

    // The last columns are cut first: they are the ones with prose.
    private int[] Fit(int limit)
    {
        int[] widths = [.. _widths];
        int excess = indent + widths.Sum() + (Gap * (widths.Length - 1)) - limit;
        for (int i = widths.Length - 1; i >= 0 && excess > 0; i--)
        {
            if (columns[i].MinimumWidth == 0)
                continue;
            int width = Math.Max(Math.Min(widths[i], columns[i].MinimumWidth), widths[i] - excess);
            excess -= widths[i] - width;
            widths[i] = width;
        }

        return widths;
    }

    private string Format(Cell[] cells, int[] widths, Palette palette)
    {
        var line = new StringBuilder().Append(' ', indent);
        for (int i = 0; i < cells.Length; i++)
        {
            string text = TerminalWidth.Cut(cells[i].Text, widths[i]);
            int blanks = widths[i] - TerminalWidth.Of(text);
            if (columns[i].IsNumber)
                line.Append(' ', blanks);
            line.Append(palette.Paint(text, cells[i].Tone));
            if (i < cells.Length - 1)
                line.Append(' ', (columns[i].IsNumber ? 0 : blanks) + Gap);
        }

        return line.ToString().TrimEnd();
    }
}
