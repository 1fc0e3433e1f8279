using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace LbTcp.Configuration;

/// <summary>
/// A file of backends, one per line. Blank lines are skipped; <c>#</c> at the start of a line or after a blank starts a comment. UTF-8
/// with or without byte order mark, lines end with LF or CRLF.
/// </summary>
internal static class BackendsFile
{
    /// <summary>The largest file that is read, in bytes: room for half a million backends; a device may have no end.</summary>
    private const int LargestFile = 16 * 1024 * 1024;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file; relative to the working directory.</param>
    /// <param name="backends">At least one backend, in the order of the file; no host and port, and no name, is repeated.</param>
    /// <param name="errors">Otherwise everything that is wrong.</param>
    public static bool TryRead(
        string path, [NotNullWhen(true)] out IReadOnlyList<BackendOptions>? backends, out IReadOnlyList<ConfigurationError> errors)
    {
        string name = SafeText.Escape(path);
        (string? text, string? problem) = ReadText(path);
        if (text is not null)
            return TryParse(name, text, out backends, out errors);
        backends = null;
        errors = [new(name, $"{name} {problem}")];
        return false;
    }

    /// <summary>Whether every user of this system can change the file, and so redirect clients.</summary>
    public static bool IsWritableByAnyone(string path) =>
        !OperatingSystem.IsWindows() && File.Exists(path) && File.GetUnixFileMode(path).HasFlag(UnixFileMode.OtherWrite);

    /// <summary>Reads the text of a file.</summary>
    /// <param name="name">The name of the file in errors.</param>
    /// <param name="text">The whole text.</param>
    /// <param name="backends">At least one backend, in the order of the file; no host and port, and no name, is repeated.</param>
    /// <param name="errors">Otherwise everything that is wrong, in the order of the file.</param>
    public static bool TryParse(
        string name,
        string text,
        [NotNullWhen(true)] out IReadOnlyList<BackendOptions>? backends,
        out IReadOnlyList<ConfigurationError> errors)
    {
        var lines = new BackendLines(name);
        foreach (Range range in text.AsSpan().Split('\n'))
        {
            if (!lines.Add(text[range]))
                break;
        }

        errors = lines.Errors.Count + lines.Backends.Count > 0
            ? lines.Errors
            : [new(name, $"{name} lists no backend. Write one host:port per line.")];
        backends = errors.Count == 0 ? lines.Backends : null;
        return backends is not null;
    }

    // The problem is the rest of a sentence that begins with the name of the file.
    private static (string? Text, string? Problem) ReadText(string path)
    {
        try
        {
            return ReadWhole(path) is { } text
                ? (text, null)
                : (null, $"is larger than {LargestFile / 1024 / 1024} MiB, the maximum for a backends file.");
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return (null, "does not exist.");
        }
        catch (UnauthorizedAccessException)
        {
            return (null, Directory.Exists(path) ? "is a directory, not a file of backends." : "cannot be read: permission denied.");
        }
        catch (Exception exception) when (exception is IOException or ArgumentException or NotSupportedException)
        {
            return (null, $"cannot be read: {SafeText.Escape(exception.Message)}");
        }
    }

    // Null if the file is too large. Not File.ReadAllText: a pipe has no length, and a device may have no end.
    private static string? ReadWhole(string path)
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
