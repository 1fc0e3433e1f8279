using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace LbTcp.Configuration;

/// <summary>
/// A file of backends, one a line. Blank lines are skipped; <c>#</c> at the start of a line or after a blank starts a comment. UTF-8 with or
/// without byte order mark, lines end with LF or CRLF.
/// </summary>
internal static class BackendsFile
{
    /// <summary>The largest file that is read, in bytes: room for half a million backends, and an end to what has none (<c>/dev/zero</c>).</summary>
    private const int LargestFile = 16 * 1024 * 1024;

    /// <summary>Reads a file; what is wrong is a value, since a running balancer goes on without it.</summary>
    /// <param name="path">The file; relative to the working directory.</param>
    /// <param name="backends">At least one backend, each host and port, and each name, once, in the file's order.</param>
    /// <param name="error">Otherwise what is wrong, in one or two sentences that name the file and the line.</param>
    public static bool TryRead(
        string path, [NotNullWhen(true)] out IReadOnlyList<BackendOptions>? backends, [NotNullWhen(false)] out string? error)
    {
        backends = null;
        string name = SafeText.Escape(path);
        try
        {
            return TryReadText(path, out string? text)
                ? TryParse(name, text, out backends, out error)
                : Fail($"{name} is larger than {LargestFile / 1024 / 1024} MiB, which is no backends file.", out error);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return Fail($"{name} does not exist.", out error);
        }
        catch (UnauthorizedAccessException)
        {
            return Fail(Directory.Exists(path)
                ? $"{name} is a directory, not a file of backends."
                : $"{name} may not be read: permission denied.", out error);
        }
        catch (Exception exception) when (exception is IOException or ArgumentException or NotSupportedException)
        {
            return Fail($"{name} cannot be read: {SafeText.Escape(exception.Message)}", out error);
        }
    }

    /// <summary>Whether every user of this system may change the file, and with it where clients end up.</summary>
    public static bool IsWritableByAnyone(string path) =>
        !OperatingSystem.IsWindows() && File.Exists(path) && File.GetUnixFileMode(path).HasFlag(UnixFileMode.OtherWrite);

    /// <summary>Reads the text of a file.</summary>
    /// <param name="name">How errors call the file.</param>
    /// <param name="text">The whole text.</param>
    /// <param name="backends">At least one backend, each host and port, and each name, once, in the file's order.</param>
    /// <param name="error">Otherwise the first thing that is wrong, in one or two sentences that name the file and the line.</param>
    public static bool TryParse(
        string name, string text, [NotNullWhen(true)] out IReadOnlyList<BackendOptions>? backends, [NotNullWhen(false)] out string? error)
    {
        backends = null;
        var parsed = new List<BackendOptions>();
        var lineOf = new Dictionary<string, int>(StringComparer.Ordinal);
        int number = 0;
        foreach (Range range in text.AsSpan().Split('\n'))
        {
            number++;
            string line = WithoutComment(text[range]).Trim(' ', '\t', '\r');
            if (line.Length == 0)
                continue;
            if (!BackendLine.TryParseLine(line, out BackendOptions? backend, out error))
                return Fail($"{name}:{number}: {error}", out error);
            if (backend.Identities.FirstOrDefault(identity => !lineOf.TryAdd(identity, number)) is { } repeated)
                return Fail($"{name}:{number}: {repeated} is listed already, on line {lineOf[repeated]}.", out error);
            parsed.Add(backend);
        }

        if (parsed.Count == 0)
            return Fail($"{name} lists no backend. Write one host:port a line.", out error);
        backends = parsed;
        error = null;
        return true;
    }

    private static string WithoutComment(string line)
    {
        for (int hash = line.IndexOf('#', StringComparison.Ordinal); hash >= 0; hash = line.IndexOf('#', hash + 1))
        {
            if (hash == 0 || line[hash - 1] is ' ' or '\t')
                return line[..hash];
        }

        return line;
    }

    // Not File.ReadAllText: a pipe is welcome and has no length, and a device may never end.
    private static bool TryReadText(string path, [NotNullWhen(true)] out string? text)
    {
        using FileStream file = File.OpenRead(path);
        using var content = new MemoryStream();
        byte[] chunk = new byte[64 * 1024];
        for (int read = file.Read(chunk); read > 0 && content.Length <= LargestFile; read = file.Read(chunk))
            content.Write(chunk, 0, read);
        content.Position = 0;
        using var reader = new StreamReader(content, Encoding.UTF8, detectEncodingFromByteOrderMarks: true);
        text = content.Length <= LargestFile ? reader.ReadToEnd() : null;
        return text is not null;
    }

    private static bool Fail(string message, out string error)
    {
        error = message;
        return false;
    }
}
