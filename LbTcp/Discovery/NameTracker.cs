using LbTcp.Configuration;
using LbTcp.Diagnostics;
using Microsoft.Extensions.Logging;

namespace LbTcp.Discovery;

/// <summary>
/// Keeps the answers of all names of the process up to date: each name is asked for again when its time to live has passed, within
/// <c>dns_min</c> and <c>dns_max</c>. After a failure the last answer stays, and the name is asked for at growing intervals. Look-ups run
/// concurrently, and one that hangs delays no other. Safe for use by any number of threads.
/// </summary>
internal sealed partial class NameTracker : IAsyncDisposable
{
    // A part of each interval is left to chance, so that names that were first asked for together are not asked for together ever after.
    private const double Spread = 0.2;

    private readonly HostResolver _resolver;
    private readonly DiscoveryOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly Random _random;
    private readonly ILogger<NameTracker> _logger;
    private readonly LookUpPlaces _places;
    private readonly Lock _gate = new();
    private readonly Dictionary<NameQuestion, TrackedName> _names = [];
    private readonly HashSet<Task> _lookUps = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly long _start;

    /// <summary>Creates a tracker of no names.</summary>
    /// <param name="resolver">Resolves the names.</param>
    /// <param name="options">The bounds of the intervals.</param>
    /// <param name="places">The maximum number of concurrent look-ups; see <see cref="LookUpPlaces"/>.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="random">Spreads the look-ups.</param>
    /// <param name="logger">Receives failures and recoveries.</param>
    public NameTracker(
        HostResolver resolver, DiscoveryOptions options, int places, TimeProvider timeProvider, Random random,
        ILogger<NameTracker> logger)
    {
        _resolver = resolver;
        _options = options;
        _timeProvider = timeProvider;
        _random = random;
        _logger = logger;
        _places = new LookUpPlaces(places, timeProvider);
        _start = timeProvider.GetTimestamp();
    }

    /// <summary>Resolves names, without keeping answers.</summary>
    public HostResolver Resolver => _resolver;

    private long Now => _timeProvider.GetElapsedTime(_start).Ticks + 1;

    /// <summary>Begins to track a name, and asks for it unless another user has; <see cref="Untrack"/> must follow.</summary>
    public TrackedName Track(NameQuestion question)
    {
        TrackedName? name;
        lock (_gate)
        {
            if (!_names.TryGetValue(question, out name))
                _names[question] = name = new TrackedName(question);
            name.Users++;
        }

        BeginIfDue(name);
        return name;
    }

    /// <summary>Ends the use of a name, which is not asked for any more after its last user.</summary>
    public void Untrack(TrackedName name)
    {
        lock (_gate)
        {
            if (--name.Users == 0)
                _ = _names.Remove(name.Question);
        }
    }

    /// <summary>Asks for a name if that is due. Must be called for each tracked name on every tick.</summary>
    public void BeginIfDue(TrackedName name)
    {
        lock (_gate)
        {
            if (_stopping.IsCancellationRequested || !name.TryBegin(Now))
                return;
            Task lookUp = Task.Run(() => LookUpAsync(name, _stopping.Token));
            _ = _lookUps.Add(lookUp);
            _ = lookUp.ContinueWith(Forget, TaskScheduler.Default);
        }
    }

    /// <summary>Asks for a name earlier than planned, as there is a reason to believe that it has changed; does not block.</summary>
    public void Hasten(TrackedName name) => name.Hasten(_options.DnsMin);

    /// <summary>Waits until all names have been asked for once, or <paramref name="limit"/> has fired.</summary>
    public static async Task WhenAskedAsync(IEnumerable<TrackedName> names, CancellationToken limit)
    {
        try
        {
            await Task.WhenAll(names.Select(name => name.WhenAsked)).WaitAsync(limit);
        }
        catch (OperationCanceledException)
        {
            // Names without an answer are served later.
        }
    }

    /// <summary>Logs that a name has no answer yet, unless its failure is logged already.</summary>
    public void ReportPending(TrackedName name)
    {
        lock (name)
        {
            if (!name.IsReported && name.Answer is null)
                Report(name, name.Failure ?? "no answer yet");
        }
    }

    /// <summary>Completes when the look-ups that are under way have ended.</summary>
    public Task WhenIdleAsync()
    {
        lock (_gate)
            return Task.WhenAll(_lookUps);
    }

    /// <summary>Ends all look-ups.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await WhenIdleAsync();
        _places.Dispose();
    }

    private void Forget(Task lookUp)
    {
        lock (_gate)
            _ = _lookUps.Remove(lookUp);
    }

    // Never throws.
    private async Task LookUpAsync(TrackedName name, CancellationToken stopping)
    {
        TimeSpan timeToLive = TimeSpan.Zero;
        try
        {
            NameAnswer answer = _resolver.FindLocally(name.Question) ?? await _places.RunAsync(
                token => _resolver.ResolveAsync(name.Question, token), name.Standing, stopping);
            timeToLive = answer.TimeToLive;
            Record(name, answer);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The process ends.
        }
        catch (Exception exception)
        {
            Record(name, NameAnswer.Failed($"a defect in lbtcp: {exception}", isTemporary: false));
        }
        finally
        {
            name.End(Now + IntervalAfter(name, timeToLive).Ticks);
        }
    }

    private void Record(TrackedName name, NameAnswer answer)
    {
        lock (name) // against ReportPending
        {
            if (answer.Failure is { } failure)
            {
                name.Fail(failure, answer.IsTemporary);
                if (!name.IsReported)
                    Report(name, failure);
                return;
            }

            if (answer.IsCut && name.Answer is not { IsCut: true })
                Log.AnswerCut(_logger, name.Question.PlainName, HostResolver.MaxAddresses);
            name.Succeed(answer.CompletedBy(name.Answer));
            if (!name.IsReported)
                return;
            name.IsReported = false;
            Log.NameRecovered(_logger, name.Question.PlainName);
        }
    }

    private void Report(TrackedName name, string failure)
    {
        name.IsReported = true;
        int kept = name.Answer is { } answer ? answer.Addresses.Count + answer.Targets.Count : 0;
        Log.NameFailed(_logger, name.Question.PlainName, failure, kept);
    }

    private TimeSpan IntervalAfter(TrackedName name, TimeSpan timeToLive)
    {
        double shortest = _options.DnsMin.Ticks;
        double wanted = name.Failures > 0 ? shortest * Math.Pow(2, Math.Min(name.Failures - 1, 30)) : timeToLive.Ticks;
        double interval = Math.Clamp(wanted, shortest, _options.DnsMax.Ticks);
        double chance;
        lock (_random)
            chance = _random.NextDouble();
        return TimeSpan.FromTicks((long)(interval - ((interval - shortest) * Spread * chance)));
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.NameFailed, LogLevel.Warning, "name cannot be resolved name={Name} reason={Reason} kept={Kept}")]
        public static partial void NameFailed(ILogger logger, string name, string reason, int kept);

        [LoggerMessage(EventIds.NameRecovered, LogLevel.Information, "name is resolved name={Name}")]
        public static partial void NameRecovered(ILogger logger, string name);

        [LoggerMessage(EventIds.AnswerCut, LogLevel.Warning, "name has more addresses than are used name={Name} used={Used}")]
        public static partial void AnswerCut(ILogger logger, string name, int used);
    }
}
