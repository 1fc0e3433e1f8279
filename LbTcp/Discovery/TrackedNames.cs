namespace LbTcp.Discovery;

/// <summary>
/// The names that the lines of one service need, and those that were asked for ahead of the next lines. Not safe for concurrent use.
/// </summary>
/// <param name="tracker">Resolves the names of all services.</param>
internal sealed class TrackedNames(NameTracker tracker)
{
    private readonly Dictionary<NameQuestion, TrackedName> _names = [];
    private readonly Dictionary<NameQuestion, TrackedName> _prepared = []; // apart: no line needs them yet

    /// <summary>The names that are needed.</summary>
    public IReadOnlyCollection<TrackedName> All => _names.Values;

    /// <summary>Returns a name that is needed.</summary>
    public TrackedName Find(NameQuestion question) => _names[question];

    /// <summary>Returns the answer to a question, also one that was prepared; null if there is none.</summary>
    public NameAnswer? AnswerTo(NameQuestion question) =>
        (_prepared.GetValueOrDefault(question) ?? _names.GetValueOrDefault(question))?.Answer;

    /// <summary>Returns the answers for the names that are needed; null where there is none yet.</summary>
    public Dictionary<NameQuestion, NameAnswer?> Answers() => _names.ToDictionary(each => each.Key, each => each.Value.Answer);

    /// <summary>Whether the names that are needed still have these answers.</summary>
    public bool HaveAnswers(Dictionary<NameQuestion, NameAnswer?> answers) =>
        _names.All(each => each.Value.Answer == answers.GetValueOrDefault(each.Key));

    /// <summary>Replaces the names that were asked for ahead of the next lines.</summary>
    /// <param name="asked">The names, which are tracked.</param>
    public void Prepare(IReadOnlyCollection<TrackedName> asked)
    {
        Untrack(_prepared);
        foreach (TrackedName name in asked)
            _prepared.Add(name.Question, name);
    }

    /// <summary>Adds the names that were prepared; what is not needed then is left to <see cref="Keep"/>.</summary>
    public void UsePrepared()
    {
        foreach ((NameQuestion question, TrackedName name) in _prepared)
        {
            if (!_names.TryAdd(question, name))
                tracker.Untrack(name);
        }

        _prepared.Clear();
    }

    /// <summary>Adds the names that are new.</summary>
    /// <returns>Whether there are any.</returns>
    public bool Add(IReadOnlySet<NameQuestion> questions)
    {
        NameQuestion[] added = [.. questions.Where(question => !_names.ContainsKey(question))];
        foreach (NameQuestion question in added)
            _names.Add(question, tracker.Track(question));
        return added.Length > 0;
    }

    /// <summary>Removes the names that are not needed any more.</summary>
    /// <param name="questions">Those that are.</param>
    public void Keep(IReadOnlySet<NameQuestion> questions)
    {
        foreach ((NameQuestion question, TrackedName name) in _names)
        {
            if (questions.Contains(question))
                continue;
            _ = _names.Remove(question); // allowed during enumeration since .NET Core 3
            tracker.Untrack(name);
        }
    }

    /// <summary>Removes all names.</summary>
    public void Clear()
    {
        Untrack(_names);
        Untrack(_prepared);
    }

    private void Untrack(Dictionary<NameQuestion, TrackedName> names)
    {
        foreach (TrackedName name in names.Values)
            tracker.Untrack(name);
        names.Clear();
    }
}
