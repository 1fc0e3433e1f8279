using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace LbTcp.Configuration;

/// <summary>Reads files that an operator wrote: UTF-8 with or without byte order mark.</summary>
internal static class TextFile
{
    /// <summary>The largest file that is read, in bytes: room for half a million backends; a device may have no end.</summary>
    private const int LargestFile = 16 * 1024 * 1024;

    /// <summary>The name of a file in messages, as the operator would write it in the working directory; escaped.</summary>
    public static string NameOf(string path)
    {
        string relative = Path.GetRelativePath(Environment.CurrentDirectory, path);
        return SafeText.Escape(relative.StartsWith("..", StringComparison.Ordinal) ? path : relative);
    }

    /// <summary>Reads the whole text of a file.</summary>
    /// <param name="path">The file; relative to the working directory.</param>
    /// <param name="kind">What the file should be, with its article: "a backends file".</param>
    /// <param name="text">The text.</param>
    /// <param name="error">Otherwise why it cannot be read.</param>
    public static bool TryRead(
        string path, string kind, [NotNullWhen(true)] out string? text, [NotNullWhen(false)] out ConfigurationError? error)
    {
        text = null;
        string problem;
        try
        {
            text = Read(path);
            problem = $"is larger than {LargestFile / 1024 / 1024} MiB, the maximum for {kind}.";
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            problem = "does not exist.";
        }
        catch (UnauthorizedAccessException)
        {
            problem = Directory.Exists(path) ? $"is a directory, not {kind}." : "cannot be read: permission denied.";
        }
        catch (Exception exception) when (exception is IOException or ArgumentException or NotSupportedException)
        {
            problem = $"cannot be read: {SafeText.Escape(exception.Message)}";
        }

        string name = SafeText.Escape(path);
        error = text is null ? new ConfigurationError(name, $"{name} {problem}") : null;
        return text is not null;
    }

    /// <summary>
    /// A line of a file without its comment, which begins with <c>#</c> at its start or after a blank, and without blanks around; a CR at
    /// its end does not count.
    /// </summary>
    public static ReadOnlySpan<char> ContentOf(ReadOnlySpan<char> line)
    {
        for (int i = 0; i < line.Length; i++)
        {
            if (line[i] == '#' && (i == 0 || line[i - 1] is ' ' or '\t'))
                return line[..i].Trim(" \t\r");
        }

        return line.Trim(" \t\r");
    }

    // Null if the file is too large. Not File.ReadAllText: a pipe has no length, and a device may have no end.
    private static string? Read(string path)
    {
        using FileStream file = File.OpenRead(path);
        using var content = new MemoryStream();
        byte[] chunk = new byte[64 * 1024];
        for (int read = file.Read(chunk); read > 0 && content.Length <= LargestFile; read = file.Read(chunk))
            content.Write(chunk, 0, read);
        content.Position = 0;
        using var reader = new StreamReader(content, Encoding.UTF8, detectEncodingFromByteOrderMarks: true);
        return content.Length <= LargestFile ? reader.ReadToEnd() : null;
    }
}
