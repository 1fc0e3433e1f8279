using System.CommandLine;

namespace LbTcp.Cli;

/// <summary>The layout of help pages: 80 columns, with a flag on one line and its description below it.</summary>
internal static class HelpLines
{
    private const int Width = 80;
    private const int DescriptionIndent = 10;

    /// <summary>Writes a flag with its aliases, its value and its description.</summary>
    public static void WriteFlag(TextWriter output, Option flag, string defaultText)
    {
        string names = string.Join(", ", flag.Aliases.Append(flag.Name));
        Write(output, $"{(flag.Aliases.Count == 0 ? "    " : "")}{names} {flag.HelpName}".TrimEnd(), flag.Description ?? "", defaultText);
    }

    /// <summary>Writes a word and its description, with the default unless it is empty.</summary>
    public static void Write(TextWriter output, string usage, string description, string defaultText)
    {
        output.WriteLine($"  {usage}");
        WriteText(output, defaultText.Length == 0 ? description : $"{description} [{defaultText}]", DescriptionIndent);
    }

    /// <summary>Writes a paragraph.</summary>
    public static void WriteText(TextWriter output, string text, int indent)
    {
        foreach (string line in Wrap(text, Width - indent))
            output.WriteLine($"{new string(' ', indent)}{line}");
    }

    private static IEnumerable<string> Wrap(string text, int width)
    {
        string line = "";
        foreach (string word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = "";
            }

            line = line.Length == 0 ? word : $"{line} {word}";
        }

        yield return line;
    }
}
