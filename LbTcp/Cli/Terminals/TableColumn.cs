namespace LbTcp.Cli.Terminals;

/// <summary>A column of a <see cref="TextTable"/>.</summary>
/// <param name="Title">The heading.</param>
/// <param name="IsNumber">Whether cells are aligned to the right.</param>
/// <param name="MinimumWidth">The width to which it may be cut where the table is too wide; 0 if it may not.</param>
internal sealed record TableColumn(string Title, bool IsNumber = false, int MinimumWidth = 0);

/// <summary>A cell of a <see cref="TextTable"/>.</summary>
/// <param name="Text">The text, not escaped.</param>
/// <param name="Tone">What it tells.</param>
internal readonly record struct Cell(string Text, Tone Tone = Tone.Plain)
{
    /// <summary>A cell with a text that tells nothing special.</summary>
    public static implicit operator Cell(string text) => new(text);
}
