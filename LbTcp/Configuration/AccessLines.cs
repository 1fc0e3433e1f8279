namespace LbTcp.Configuration;

/// <summary>
/// The consecutive lines of an access file: <c>allow NETWORK</c> or <c>deny NETWORK</c>. Blank lines are skipped; <c>#</c> at the start of
/// a line or after a blank starts a comment.
/// </summary>
/// <param name="source">The name of the file in errors.</param>
internal sealed class AccessLines(string source)
{
    /// <summary>The mistakes after which the rest of a file is not read: it is a file of something else.</summary>
    private const int MostErrors = 1000;

    private static readonly string[] _words = [AccessRule.AllowWord, AccessRule.DenyWord];

    private readonly List<AccessRule> _rules = [];
    private readonly List<ConfigurationError> _errors = [];
    private int _number;

    /// <summary>The rules, in the order of the lines; to be used only if there are no errors.</summary>
    public IReadOnlyList<AccessRule> Rules => _rules;

    /// <summary>Every mistake with its line and column, in the order of the lines.</summary>
    public IReadOnlyList<ConfigurationError> Errors => _errors;

    /// <summary>Adds the next line.</summary>
    /// <param name="line">The line; a CR at its end does not count.</param>
    /// <returns>Whether further lines are to be added; false if there are too many mistakes already.</returns>
    public bool Add(ReadOnlySpan<char> line)
    {
        _number++;
        ReadOnlySpan<char> content = TextFile.ContentOf(line);
        if (content.Length > 0 && Read(content) is { } problem)
        {
            _ = line.Overlaps(content, out int indent);
            _errors.Add(new(source, problem.Message, _number, indent + problem.Column, line.TrimEnd('\r').ToString()));
        }

        return _errors.Count < MostErrors;
    }

    private LineProblem? Read(ReadOnlySpan<char> content)
    {
        int end = content.IndexOfAny(' ', '\t');
        ReadOnlySpan<char> word = end < 0 ? content : content[..end];
        if (word is not (AccessRule.AllowWord or AccessRule.DenyWord))
            return new(1, DescribeWord(word.ToString()));
        ReadOnlySpan<char> network = content[word.Length..].TrimStart(" \t");
        int column = content.Length - network.Length + 1;
        if (network.IsEmpty)
            return new(1, $"The network is missing; write {word} 10.0.0.0/8, or {word} all.");
        if (network.IndexOfAny(' ', '\t') is >= 0 and var length)
        {
            ReadOnlySpan<char> rest = network[length..].TrimStart(" \t");
            return new(content.Length - rest.Length + 1, $"{Quoted.Text(rest.ToString())} is too much; write one rule per line.");
        }

        if (!Network.TryParse(network, out Network? read, out string? error))
            return new(column, error);
        _rules.Add(new AccessRule(word is AccessRule.AllowWord, read, _number));
        return null;
    }

    private static string DescribeWord(string word)
    {
        string quoted = Quoted.Text(word);
        if (Network.TryParse(word, out _, out _))
            return $"{quoted} lacks its rule; write {AccessRule.AllowWord} {word} or {AccessRule.DenyWord} {word}.";
        string advice = NearestWord.Of(word, _words) is { } near ? $"did you mean {near}?" : $"write {AccessRule.DenyWord} 10.0.0.0/8.";
        return $"{quoted} is neither {AccessRule.AllowWord} nor {AccessRule.DenyWord}; {advice}";
    }
}
