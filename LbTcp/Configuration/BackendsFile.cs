using System.Diagnostics.CodeAnalysis;

namespace LbTcp.Configuration;

/// <summary>
/// A file of backends, one per line. Blank lines are skipped; <c>#</c> at the start of a line or after a blank starts a comment. UTF-8
/// with or without byte order mark, lines end with LF or CRLF.
/// </summary>
internal static class BackendsFile
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">The file; relative to the working directory.</param>
    /// <param name="backends">At least one backend, in the order of the file; no host and port, and no name, is repeated.</param>
    /// <param name="error">Otherwise what is wrong.</param>
    public static bool TryRead(
        string path, [NotNullWhen(true)] out IReadOnlyList<BackendOptions>? backends, [NotNullWhen(false)] out ConfigurationError? error)
    {
        backends = null;
        return TextFile.TryRead(path, "a backends file", out string? text, out error)
            && TryParse(SafeText.Escape(path), text, out backends, out error);
    }

    /// <summary>Whether every user of this system can change the file, and so redirect clients.</summary>
    public static bool IsWritableByAnyone(string path) => TextFile.IsWritableByAnyone(path);

    /// <summary>Reads the text of a file.</summary>
    /// <param name="name">The name of the file in errors.</param>
    /// <param name="text">The whole text.</param>
    /// <param name="backends">At least one backend, in the order of the file; no host and port, and no name, is repeated.</param>
    /// <param name="error">Otherwise the first error.</param>
    public static bool TryParse(
        string name,
        string text,
        [NotNullWhen(true)] out IReadOnlyList<BackendOptions>? backends,
        [NotNullWhen(false)] out ConfigurationError? error)
    {
        backends = null;
        var parsed = new List<BackendOptions>();
        var unique = new UniqueIdentities();
        int number = 0;
        foreach (Range range in text.AsSpan().Split('\n'))
        {
            number++;
            string line = WithoutComment(text[range]).Trim(' ', '\t', '\r');
            if (line.Length == 0)
                continue;
            if (!BackendLine.TryParseLine(line, out BackendOptions? backend, out string? problem))
                return Fail(new(name, problem, number), out error);
            if (unique.Add(backend.Identities, number) is { } duplicate)
                return Fail(new(name, $"{duplicate.Identity} is listed already, on line {duplicate.Position}.", number), out error);
            parsed.Add(backend);
        }

        if (parsed.Count == 0)
            return Fail(new(name, $"{name} lists no backend. Write one host:port per line."), out error);
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

    private static bool Fail(ConfigurationError failure, out ConfigurationError error)
    {
        error = failure;
        return false;
    }
}
