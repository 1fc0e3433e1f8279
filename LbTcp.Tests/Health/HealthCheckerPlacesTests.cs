using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Health;

namespace LbTcp.Tests.Health;

/// <summary>Which backends get the places for probes when there are not enough.</summary>
public sealed class HealthCheckerPlacesTests : IDisposable
{
    private const int PlacesOfTwentyThousandDescriptors = 4_872;
    private const int Working = 20;
    private static readonly ProbeResult _timedOut = new(ProbeOutcome.Unhealthy, "timed out after 2s");

    private readonly Dictionary<Backend, List<double>> _times = [];
    private readonly Dictionary<Backend, Task<ProbeResult>> _answers = [];
    private readonly Queue<(TimeSpan At, TaskCompletionSource<ProbeResult> Answer)> _unanswered = new();
    private HealthCheckerFixture _fixture = new();
    private PoolHealth? _health;
    private long _start;

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [InlineData(50)]
    [InlineData(1_000)]
    [InlineData(5_000)]
    public void BeginDueChecks_ManyDoNotAnswer_TheyAreDownInTenSecondsAndTheOthersAreCheckedInTime(int dead)
    {
        (HealthChecker checker, BackendPool pool, Backend[] working) = Start(dead, PlacesOfTwentyThousandDescriptors);

        Run(checker, 10);
        Assert.Equal(working, pool.GetHealthyBackends());

        Run(checker, 10);
        foreach (Backend backend in working)
        {
            double[] times = [.. _times[backend].Where(time => time > 4)];
            Assert.InRange(times.Length, 7, 8);
            Assert.All(times.Zip(times.Skip(1), (one, next) => next - one), pause => Assert.InRange(pause, 1.9, 2.1));
        }
    }

    [Theory]
    [InlineData(1_000, PlacesOfTwentyThousandDescriptors)]
    [InlineData(5_000, PlacesOfTwentyThousandDescriptors)]
    [InlineData(1_000, 64)] // few descriptors: it takes a minute to find the dead, but that delays no other backend afterwards
    public void BeginDueChecks_ManyDoNotAnswerAndOneRefuses_IsDownAsSoonAsAlone(int dead, int places)
    {
        (HealthChecker checker, BackendPool pool, Backend[] working) = Start(dead, places);
        Run(checker, 120);
        Assert.Equal(working, pool.GetHealthyBackends());

        _answers[working[7]] = Task.FromResult(HealthCheckerFixture.Fails);
        Run(checker, 3.2);

        Assert.False(working[7].IsHealthy);
    }

    // The first backends do not answer: their probes time out after two seconds. The others work.
    private (HealthChecker Checker, BackendPool Pool, Backend[] Working) Start(int dead, int places)
    {
        _fixture.Dispose();
        _fixture = new HealthCheckerFixture { Places = new ProbePlaces(places, lateLimit: 128), Probe = new ScriptedProbe(Probe) };
        _start = _fixture.Clock.GetTimestamp();
        BackendPool pool = HealthCheckerFixture.Pool(dead + Working);
        Backend[] working = [.. pool.GetAllBackends().Skip(dead)];
        foreach (Backend backend in working)
            _answers[backend] = Task.FromResult(HealthCheckerFixture.Works);
        _health = new PoolHealth(pool, _fixture.Current, new(new PassiveHealthOptions()), _fixture.Clock, _fixture.Flips);
        return (_fixture.Checker(pool, _health), pool, working);
    }

    private Task<ProbeResult> Probe(Backend backend)
    {
        TimeSpan now = _fixture.Clock.GetElapsedTime(_start);
        if (!_times.TryAdd(backend, [now.TotalSeconds]))
            _times[backend].Add(now.TotalSeconds);
        if (_answers.TryGetValue(backend, out Task<ProbeResult>? answer))
            return answer;
        var timeout = new TaskCompletionSource<ProbeResult>();
        _unanswered.Enqueue((now + _fixture.Options.Timeout, timeout));
        return timeout.Task;
    }

    private void Run(HealthChecker checker, double seconds)
    {
        for (int ticks = (int)(seconds * 20); ticks > 0; ticks--)
        {
            checker.BeginDueChecks(_fixture.Stopping.Token);
            _fixture.Clock.Advance(TimeSpan.FromMilliseconds(50));
            TimeSpan now = _fixture.Clock.GetElapsedTime(_start);
            while (_unanswered.TryPeek(out (TimeSpan At, TaskCompletionSource<ProbeResult> Answer) probe) && probe.At <= now)
                _unanswered.Dequeue().Answer.SetResult(_timedOut);
            _health!.Decide();
        }
    }

    // No substitute: it would keep a record of every one of some 100,000 calls.
    private sealed class ScriptedProbe(Func<Backend, Task<ProbeResult>> probe) : IHealthProbe
    {
        public Task<ProbeResult> ProbeAsync(Backend backend, TimeSpan limit, CancellationToken cancellationToken) => probe(backend);
    }
}
