using LbTcp.Backends;
using LbTcp.Configuration;
using Microsoft.Extensions.Logging;

namespace LbTcp.Discovery;

/// <summary>
/// Applies the lines of one service to its pool as members, and follows the answers of name servers. Safe for use by any number of threads
/// unless noted otherwise.
/// </summary>
internal sealed class BackendDiscovery : IDisposable
{
    // The latency of a change that a name server reports, which by its nature is seconds old.
    private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan _idleTick = TimeSpan.FromSeconds(1);

    private readonly NameTracker _tracker;
    private readonly OwnAddresses _own;
    private readonly DiscoveryLog _log;
    private readonly Lock _gate = new();
    private readonly TrackedNames _names;
    private IReadOnlyList<BackendOptions> _lines = [];
    private Dictionary<NameQuestion, NameAnswer?> _applied = [];
    private int _ownVersion;
    private volatile Dictionary<string, TrackedName[]> _sources = []; // by host and port of the member; not modified
    private volatile TrackedName[] _current = [];

    /// <summary>Creates the discovery of a pool without lines.</summary>
    /// <param name="pool">The pool, which nothing else changes the members of.</param>
    /// <param name="tracker">Resolves the names of all services.</param>
    /// <param name="own">The addresses that this process listens on.</param>
    /// <param name="logger">Receives members that come and go, and addresses that are refused.</param>
    public BackendDiscovery(BackendPool pool, NameTracker tracker, OwnAddresses own, ILogger<BackendDiscovery> logger)
    {
        Pool = pool;
        _tracker = tracker;
        _names = new TrackedNames(tracker);
        _own = own;
        _log = new DiscoveryLog(logger);
    }

    /// <summary>
    /// Raised when <see cref="Tick"/> has become shorter, because a name is tracked; on the thread that applies, which must not be blocked.
    /// </summary>
    public event Action? TickShortened;

    /// <summary>The pool.</summary>
    public BackendPool Pool { get; }

    /// <summary>The interval at which <see cref="Refresh"/> should be called.</summary>
    public TimeSpan Tick => _current.Length > 0 ? _tick : _idleTick;

    /// <summary>The names that are needed and have no answer.</summary>
    public IReadOnlyList<TrackedName> Unresolved => [.. _current.Where(name => name.Answer is null)];

    /// <summary>The addresses that are not used.</summary>
    public IReadOnlyList<RefusedAddress> Refused { get; private set; } = [];

    /// <summary>
    /// Replaces the lines, and applies what they amount to now. A name that is new is asked for; until it has an answer, its line is a
    /// member without addresses. Must be called by one thread at a time.
    /// </summary>
    /// <returns>What was added, removed and changed.</returns>
    public PoolChange Apply(IReadOnlyList<BackendOptions> lines)
    {
        PoolChange change;
        TimeSpan tick = Tick;
        lock (_gate)
        {
            _lines = lines;
            _names.UsePrepared();
            change = Update(isDiscovered: false);
        }

        Pool.Raise(change);
        if (Tick < tick)
            TickShortened?.Invoke();
        return change;
    }

    /// <summary>
    /// Asks for the names of <paramref name="lines"/> ahead of <see cref="Apply"/>, which then finds their answers, and waits for them.
    /// <see cref="Apply"/> or <see cref="Abandon"/> must follow. Must be called by one thread at a time.
    /// </summary>
    /// <param name="lines">The lines that will be applied.</param>
    /// <param name="limit">Ends the wait; the names without an answer are served when they have one.</param>
    public async Task PrepareAsync(IReadOnlyList<BackendOptions> lines, CancellationToken limit)
    {
        Dictionary<NameQuestion, TrackedName> asked = [];
        try
        {
            while (true)
            {
                // The targets of a service are names that are known when the service has an answer.
                IReadOnlySet<NameQuestion> questions = BackendExpansion.Of(
                    lines, question => asked.GetValueOrDefault(question)?.Answer, static _ => false).Questions;
                TrackedName[] added = [.. questions.Where(question => !asked.ContainsKey(question)).Select(_tracker.Track)];
                if (added.Length == 0)
                    break;
                foreach (TrackedName name in added)
                    asked.Add(name.Question, name);
                await NameTracker.WhenAskedAsync(asked.Values, limit);
                if (limit.IsCancellationRequested)
                    break;
            }
        }
        finally
        {
            Prepare(asked.Values);
        }
    }

    /// <summary>Ends the use of the names that were prepared and not applied.</summary>
    public void Abandon() => Prepare([]);

    /// <summary>
    /// Returns the names without an answer because of which <paramref name="lines"/> would leave no backend that can be dialled, where
    /// there is one now; none if that is not so. To be called after <see cref="PrepareAsync"/>.
    /// </summary>
    public IReadOnlyList<string> NamesThatLeaveNone(IReadOnlyList<BackendOptions> lines)
    {
        if (!Pool.GetAllBackends().Any(backend => backend.EndPoints.Length > 0))
            return [];
        lock (_gate)
        {
            BackendExpansion next = BackendExpansion.Of(lines, _names.AnswerTo, _own.Contains);
            return next.Members.Any(member => member.Resolved is not { Addresses.Count: 0 })
                ? []
                : [.. next.Questions.Where(question => _names.AnswerTo(question) is null).Select(question => question.PlainName)];
        }
    }

    /// <summary>
    /// Asks for the names that are due, and applies answers that have changed. Must be called on every tick, by one thread at a time.
    /// </summary>
    public void Refresh()
    {
        foreach (TrackedName name in _current)
            _tracker.BeginIfDue(name);
        _own.Refresh();
        PoolChange change;
        lock (_gate)
        {
            if (_own.Version == _ownVersion && _names.HaveAnswers(_applied))
                return;
            change = Update(isDiscovered: true);
            _log.Report(change);
        }

        Pool.Raise(change);
    }

    /// <summary>
    /// Asks for the names of a backend earlier than planned, as it could not be reached: it may have moved. Neither blocks nor locks.
    /// </summary>
    public void Hasten(Backend backend)
    {
        if (!_sources.TryGetValue(backend.Address.HostAndPort, out TrackedName[]? names))
            return;
        foreach (TrackedName name in names)
            _tracker.Hasten(name);
    }

    /// <summary>Ends the use of all names. The pool stays as it is.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _names.Clear();
            _current = [];
        }
    }

    private void Prepare(IReadOnlyCollection<TrackedName> asked)
    {
        lock (_gate)
            _names.Prepare(asked);
    }

    // A new name may already have an answer, if another service has it, and this answer may name further ones.
    private PoolChange Update(bool isDiscovered)
    {
        _ownVersion = _own.Version;
        Dictionary<NameQuestion, NameAnswer?> answers;
        BackendExpansion expansion;
        do
        {
            answers = _names.Answers();
            expansion = BackendExpansion.Of(_lines, question => answers.GetValueOrDefault(question), _own.Contains);
        }
        while (_names.Add(expansion.Questions) && !_names.HaveAnswers(answers));
        _names.Keep(expansion.Questions);
        _applied = answers;
        _current = [.. _names.All];
        _sources = expansion.Sources.ToDictionary(
            member => member.Key, member => member.Value.Select(_names.Find).ToArray());
        Refused = expansion.Refused;
        _log.Report(expansion.Refused);
        return Pool.Replace(expansion.Members, isDiscovered);
    }
}
