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
    /// <param name="errors">Otherwise everything that is wrong.</param>
    public static bool TryRead(
        string path, [NotNullWhen(true)] out IReadOnlyList<BackendOptions>? backends, out IReadOnlyList<ConfigurationError> errors)
    {
        if (TextFile.TryRead(path, "a backends file", out string? text, out ConfigurationError? error))
            return TryParse(SafeText.Escape(path), text, out backends, out errors);
        backends = null;
        errors = [error];
        return false;
    }

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
}
