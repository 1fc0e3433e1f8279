namespace LbTcp.Configuration;

/// <summary>What is wrong with a configuration, and where.</summary>
/// <param name="Source">The file or the flag.</param>
/// <param name="Message">What is wrong, in one or two sentences; without a line, they name <paramref name="Source"/>.</param>
/// <param name="Line">The line of the file, from 1; null if the error concerns no single line.</param>
/// <param name="Column">The column of the line, from 1, in UTF-16 code units; null if it is unknown.</param>
/// <param name="LineText">The text of that line, as it is in the file; null if it is unknown.</param>
internal sealed record ConfigurationError(
    string Source, string Message, int? Line = null, int? Column = null, string? LineText = null)
{
    /// <summary>The place as far as it is known: <c>file:line:column</c>, <c>file:line</c> or <see cref="Source"/>.</summary>
    public string Place => (Line, Column) switch
    {
        (null, _) => Source,
        (_, null) => $"{Source}:{Line}",
        _ => $"{Source}:{Line}:{Column}",
    };

    /// <summary>The error in one line: <c>file:line:column: message</c>, as far as the place is known.</summary>
    public override string ToString() => Line is null ? Message : $"{Place}: {Message}";
}
