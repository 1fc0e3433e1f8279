using LbTcp.Configuration.Settings;

namespace LbTcp.Configuration;

/// <summary>The consecutive lines of a backends file: the backends that they list, and every mistake in them.</summary>
/// <param name="source">The name of the file in errors.</param>
internal sealed class BackendLines(string source)
{
    /// <summary>The mistakes after which the rest of a file is not read, as each of them takes memory.</summary>
    private const int MostErrors = 100_000;

    private readonly UniqueIdentities _unique = new();
    private readonly List<BackendOptions> _backends = [];
    private readonly List<ConfigurationError> _errors = [];
    private int _number;

    /// <summary>The backends, in the order of the lines; to be used only if there are no errors.</summary>
    public IReadOnlyList<BackendOptions> Backends => _backends;

    /// <summary>Every mistake with its line and column, in the order of the lines.</summary>
    public IReadOnlyList<ConfigurationError> Errors => _errors;

    /// <summary>Adds the next line.</summary>
    /// <param name="text">The line; a CR at its end does not count.</param>
    /// <returns>Whether further lines are to be added; false if there are too many mistakes already.</returns>
    public bool Add(string text)
    {
        _number++;
        ReadOnlySpan<char> content = TextFile.ContentOf(text);
        if (content.Length > 0)
        {
            _ = text.AsSpan().Overlaps(content, out int indent);
            Read(content.ToString(), text.TrimEnd('\r'), indent);
        }

        return _errors.Count < MostErrors;
    }

    private void Read(string content, string text, int indent)
    {
        BackendLineResult line = BackendLine.Read(content);
        IEnumerable<LineProblem> problems = line.Problems;
        if (line.Options is { } backend)
        {
            problems = problems.Concat(FindRepetitions(backend, line.Columns));
            _backends.Add(backend);
        }

        _errors.AddRange(problems
            .OrderBy(problem => problem.Column)
            .Select(problem => new ConfigurationError(source, problem.Message, _number, indent + problem.Column, text)));
    }

    private IEnumerable<LineProblem> FindRepetitions(BackendOptions backend, IReadOnlyDictionary<string, int> columns)
    {
        foreach (string identity in backend.Identities)
        {
            if (_unique.Add([identity], _number) is { } earlier)
            {
                int column = identity == backend.Name ? columns[BackendSettings.Name.Name] : 1;
                yield return new(column, $"{earlier.Identity} is listed already, on line {earlier.Position}.");
            }
        }
    }
}
