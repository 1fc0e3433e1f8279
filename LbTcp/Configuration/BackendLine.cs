using System.Diagnostics.CodeAnalysis;

namespace LbTcp.Configuration;

/// <summary>
/// One backend as text: an address and its options, <c>[scheme://]host:port [key=value|flag]...</c>, separated by blanks in a file and by
/// commas on the command line. <see cref="BackendKeys"/> reads the options.
/// </summary>
internal static class BackendLine
{
    /// <summary>
    /// The most words that are read, far more than there are options: a file without line breaks is one line, and so many words are wrong
    /// in any case.
    /// </summary>
    private const int MostWords = 100;

    // Takes the options of a backend whose address is wrong, so that they are checked as well.
    private static readonly BackendAddress _unknown = new("", BackendScheme.Tcp, "", 0);

    /// <summary>Reads a line of a backends file that is not blank.</summary>
    /// <param name="line">The line without its comment and surrounding blanks.</param>
    public static BackendLineResult Read(string line) => Read(Words(line, " \t", StringSplitOptions.RemoveEmptyEntries), "line");

    /// <summary>Reads a line of a backends file that is not blank, see <see cref="Read(string)"/>.</summary>
    /// <param name="line">The line without its comment.</param>
    /// <param name="backend">The backend if the line is valid.</param>
    /// <param name="error">Otherwise everything that is wrong with it, in one sentence each.</param>
    public static bool TryParseLine(string line, [NotNullWhen(true)] out BackendOptions? backend, [NotNullWhen(false)] out string? error) =>
        IsValid(Read(line), out backend, out error);

    /// <summary>Reads a value of the command line.</summary>
    /// <param name="value">The value.</param>
    /// <param name="backend">The backend if the value is valid.</param>
    /// <param name="error">Otherwise everything that is wrong with it, in one sentence each.</param>
    public static bool TryParseValue(
        string value, [NotNullWhen(true)] out BackendOptions? backend, [NotNullWhen(false)] out string? error) =>
        IsValid(Read(Words(value, ",", StringSplitOptions.None), "value"), out backend, out error);

    /// <summary>Formats a backend as <see cref="TryParseValue"/> reads it.</summary>
    public static string FormatValue(BackendOptions backend) => string.Join(',', BackendKeys.Format(backend).Prepend(backend.Address.Text));

    private static bool IsValid(
        BackendLineResult result, [NotNullWhen(true)] out BackendOptions? backend, [NotNullWhen(false)] out string? error)
    {
        error = result.IsValid ? null : string.Join(' ', result.Problems.Select(problem => problem.Message));
        backend = error is null ? result.Options! : null;
        return backend is not null;
    }

    private static BackendLineResult Read(List<Word> words, string unit)
    {
        string quoted = Quoted.Text(words[0].Text);
        var problems = new List<LineProblem>();
        var columns = new Dictionary<string, int>(StringComparer.Ordinal);
        bool hasAddress = BackendAddress.TryParse(words[0].Text, out BackendAddress? address, out string? error);
        if (!hasAddress)
            problems.Add(new(words[0].Column, error!));
        BackendOptions options = new() { Address = address ?? _unknown };
        foreach (Word word in words.Skip(1))
        {
            if (!hasAddress && word.IsUnrelated)
                continue;
            (BackendOptions? applied, string? problem) = Apply(options, word, unit, columns);
            if (problem is not null)
                problems.Add(new(word.Column, $"{quoted} {problem}"));
            options = applied ?? options;
        }

        if (hasAddress)
        {
            problems.AddRange(ConflictingOptions.FindAll(options)
                .Select(conflict => new LineProblem(
                    columns.GetValueOrDefault(conflict.Ineffective.Name, words[0].Column), $"{quoted} {conflict.Problem}")));
        }

        return new(hasAddress ? options : null, [.. problems.OrderBy(problem => problem.Column)], columns);
    }

    private static (BackendOptions? Options, string? Problem) Apply(
        BackendOptions options, Word word, string unit, Dictionary<string, int> columns)
    {
        if (!BackendKeys.IsKnown(word.Key))
            return (null, $"has the unknown option {Quoted.Text(word.Text)}; {Advice(word, unit)}");
        if (!columns.TryAdd(word.Key, word.Column))
            return (null, $"has the option {word.Key} twice.");
        (BackendOptions? applied, string? problem) = BackendKeys.Apply(options, word.Key, word.Value);
        return (applied, applied is null ? $"has the option {Quoted.Text(word.Text)}, {problem}" : null);
    }

    private static string Advice(Word word, string unit)
    {
        if (BackendKeys.Nearest(word.Key) is { } near)
            return $"did you mean {near}?";
        return word.Value is null ? $"a further backend goes in a {unit} of its own." : $"the options are {BackendKeys.List}.";
    }

    private static List<Word> Words(string text, string separators, StringSplitOptions options)
    {
        var words = new List<Word>();
        foreach (Range range in text.AsSpan().SplitAny(separators))
        {
            if (words.Count == MostWords)
                break;
            if (options is StringSplitOptions.None || range.Start.Value < range.End.Value)
                words.Add(new(text[range], range.Start.Value + 1));
        }

        return words;
    }

    private sealed record Word(string Text, int Column)
    {
        private readonly int _equals = Text.IndexOf('=', StringComparison.Ordinal);

        public string Key => _equals < 0 ? Text : Text[.._equals];

        public string? Value => _equals < 0 ? null : Text[(_equals + 1)..];

        // After a wrong address, words that resemble no option are probably no backend at all, or another backend.
        public bool IsUnrelated => _equals < 0 && !BackendKeys.IsKnown(Text) && BackendKeys.Nearest(Text) is null;
    }
}
