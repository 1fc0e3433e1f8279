using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace LbTcp.Configuration;

/// <summary>The rules of an access file.</summary>
internal sealed class AccessFile : FileContent
{
    private AccessFile(string name, string text, IReadOnlyList<AccessRule> rules)
        : base(DigestOf(name, text))
    {
        Name = name;
        Rules = rules;
    }

    /// <summary>The name of the file in messages.</summary>
    public string Name { get; }

    /// <summary>The rules, in the order of the file.</summary>
    public IReadOnlyList<AccessRule> Rules { get; }

    /// <inheritdoc/>
    protected override string Summary =>
        string.Create(CultureInfo.InvariantCulture, $"{Rules.Count} {(Rules.Count == 1 ? "rule" : "rules")}");

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file; relative to the working directory.</param>
    /// <param name="file">The rules; there may be none.</param>
    /// <param name="errors">Otherwise everything that is wrong.</param>
    public static bool TryRead(string path, [NotNullWhen(true)] out AccessFile? file, out IReadOnlyList<ConfigurationError> errors)
    {
        if (TextFile.TryRead(path, "an access file", out string? text, out ConfigurationError? error))
            return TryParse(SafeText.Escape(path), text, out file, out errors);
        file = null;
        errors = [error];
        return false;
    }

    /// <summary>Reads the text of a file.</summary>
    /// <param name="name">The name of the file in messages.</param>
    /// <param name="text">The whole text.</param>
    /// <param name="file">The rules; there may be none.</param>
    /// <param name="errors">Otherwise everything that is wrong, in the order of the file.</param>
    public static bool TryParse(
        string name, string text, [NotNullWhen(true)] out AccessFile? file, out IReadOnlyList<ConfigurationError> errors)
    {
        var lines = new AccessLines(name);
        foreach (Range range in text.AsSpan().Split('\n'))
        {
            if (!lines.Add(text.AsSpan(range)))
                break;
        }

        errors = lines.Errors;
        file = errors.Count == 0 ? new AccessFile(name, text, lines.Rules) : null;
        return file is not null;
    }
}
