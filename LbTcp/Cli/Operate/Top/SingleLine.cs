using LbTcp.Cli.Terminals;
using LbTcp.Configuration;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace LbTcp.Cli.Operate.Top;

/// <summary>A text on one line, which is cut where there is no space; it is no markup, and it is escaped.</summary>
/// <param name="cell">The text.</param>
/// <param name="minimumWidth">The width to which it may be cut; 0 if it may not.</param>
/// <param name="isNumber">Whether it is aligned to the right.</param>
internal sealed class SingleLine(Cell cell, int minimumWidth, bool isNumber = false) : Renderable
{
    private readonly string _text = SafeText.Escape(cell.Text);

    /// <inheritdoc/>
    protected override Measurement Measure(RenderOptions options, int maxWidth)
    {
        int width = TerminalWidth.Of(_text);
        return new Measurement(minimumWidth == 0 ? width : Math.Min(width, minimumWidth), width);
    }

    /// <inheritdoc/>
    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        string text = TerminalWidth.Cut(_text, maxWidth);
        if (isNumber)
            yield return Segment.Padding(maxWidth - TerminalWidth.Of(text));
        yield return new Segment(text, StyleOf(cell.Tone));
    }

    // The first eight colors follow the theme of the terminal.
    private static Style StyleOf(Tone tone) => tone switch
    {
        Tone.Heading => new Style(decoration: Decoration.Bold),
        Tone.Good => new Style(Color.Green),
        Tone.Notice => new Style(Color.Olive),
        Tone.Bad => new Style(Color.Maroon),
        Tone.Faint => new Style(decoration: Decoration.Dim),
        _ => Style.Plain,
    };
}
