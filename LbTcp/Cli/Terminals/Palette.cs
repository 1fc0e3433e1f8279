namespace LbTcp.Cli.Terminals;

/// <summary>Colors text by control sequences of ECMA-48 (SGR), in the 16 colors that follow the theme of the terminal.</summary>
/// <param name="hasColors">Whether to color anything.</param>
internal sealed class Palette(bool hasColors)
{
    /// <summary>The text in the color of the tone.</summary>
    public string Paint(string text, Tone tone) =>
        hasColors && tone is not Tone.Plain && text.Length > 0 ? $"\u001b[{CodeOf(tone)}m{text}\u001b[0m" : text;

    private static string CodeOf(Tone tone) => tone switch
    {
        Tone.Heading => "1",
        Tone.Good => "32",
        Tone.Notice => "33",
        Tone.Bad => "31",
        _ => "2",
    };
}
