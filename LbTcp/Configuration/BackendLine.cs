using System.Diagnostics.CodeAnalysis;

namespace LbTcp.Configuration;

/// <summary>
/// One backend as text: an address and its options, <c>[scheme://]host:port [key=value|flag]...</c>, separated by blanks in a file and by
/// commas on the command line. <see cref="BackendKeys"/> reads the options.
/// </summary>
internal static class BackendLine
{
    /// <summary>Reads a line of a backends file that is not blank.</summary>
    /// <param name="line">The line without its comment.</param>
    /// <param name="backend">The backend if the line is valid.</param>
    /// <param name="error">Otherwise what is wrong with it, in one sentence.</param>
    public static bool TryParseLine(string line, [NotNullWhen(true)] out BackendOptions? backend, [NotNullWhen(false)] out string? error) =>
        TryParse(line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries), "line", out backend, out error);

    /// <summary>Reads a value of the command line.</summary>
    /// <param name="value">The value.</param>
    /// <param name="backend">The backend if the value is valid.</param>
    /// <param name="error">Otherwise what is wrong with it, in one sentence.</param>
    public static bool TryParseValue(
        string value, [NotNullWhen(true)] out BackendOptions? backend, [NotNullWhen(false)] out string? error) =>
        TryParse(value.Split(','), "value", out backend, out error);

    /// <summary>Formats a backend as <see cref="TryParseValue"/> reads it.</summary>
    public static string FormatValue(BackendOptions backend) => string.Join(',', BackendKeys.Format(backend).Prepend(backend.Address.Text));

    private static bool TryParse(
        string[] words, string unit, [NotNullWhen(true)] out BackendOptions? backend, [NotNullWhen(false)] out string? error)
    {
        backend = null;
        if (!BackendAddress.TryParse(words[0], out BackendAddress? address, out error))
            return false;
        BackendOptions options = new() { Address = address };
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (string word in words.AsSpan(1))
        {
            (BackendOptions? applied, string? problem) = Apply(options, word, unit, seen);
            if (applied is null)
            {
                error = $"{Quoted.Text(words[0])} {problem}";
                return false;
            }

            options = applied;
        }

        error = ConflictingOptions.Find(options) is { } conflict ? $"{Quoted.Text(words[0])} {conflict}" : null;
        backend = error is null ? options : null;
        return backend is not null;
    }

    private static (BackendOptions? Options, string? Problem) Apply(BackendOptions options, string word, string unit, HashSet<string> seen)
    {
        int equals = word.IndexOf('=', StringComparison.Ordinal);
        string key = equals < 0 ? word : word[..equals];
        string? value = equals < 0 ? null : word[(equals + 1)..];
        if (!BackendKeys.IsKnown(key))
            return (null, $"has the unknown option {Quoted.Text(word)}; {Advice(key, value, unit)}");
        if (!seen.Add(key))
            return (null, $"has the option {key} twice.");
        (BackendOptions? applied, string? problem) = BackendKeys.Apply(options, key, value);
        return (applied, applied is null ? $"has the option {Quoted.Text(word)}, {problem}" : null);
    }

    private static string Advice(string key, string? value, string unit)
    {
        if (BackendKeys.Nearest(key) is { } near)
            return $"did you mean {near}?";
        return value is null ? $"a further backend goes in a {unit} of its own." : $"the options are {BackendKeys.List}.";
    }
}
