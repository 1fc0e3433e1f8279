using CsCheck;
using LbTcp.Admission;
using LbTcp.Configuration;

namespace LbTcp.Tests.Admission;

/// <summary>Clients of several sources that come, wait, leave, are served and end in any order.</summary>
public sealed class AdmissionPropertyTests
{
    private const int Sources = 3;

    private enum Kind
    {
        Comes,
        Leaves,
        Ends,
        TimePasses,
        Reloads,
    }

    private static readonly Gen<(Kind Kind, int Which, int Milliseconds)> _step =
        Gen.Select(Gen.Enum<Kind>(), Gen.Int[0, 20], Gen.Int[1, 400]);

    [Fact]
    public void AnyOrder_NoLimitIsExceededAndNothingIsLeft() =>
        _step.Array[1, 80].Sample(steps => new Play().RunAsync(steps).GetAwaiter().GetResult(), iter: 150, threads: 1);

    private sealed class Play() : AdmissionScenario(_options, maxQueue: 5)
    {
        private const int Most = 2;
        private const int Burst = 3;
        private const int PerSecondOfSource = 4;
        private const int PerSecondOfAll = 8;

        private static readonly AdmissionOptions _options = new()
        {
            MaxConnectionsPerSource = Most,
            ConnectionRatePerSource = PerSecond(PerSecondOfSource),
            ConnectionBurstPerSource = Burst,
            ConnectionRate = PerSecond(PerSecondOfAll),
            ConnectionBurst = Burst,
            OverLimit = OverLimit.Wait,
        };

        private readonly List<(int Source, Task<AdmissionResult> Admission, CancellationTokenSource Leaving)> _asking = [];
        private readonly List<(int Source, SourceConnections Taken)> _open = [];
        private readonly List<(int Source, long At)> _admitted = [];

        public async Task RunAsync((Kind Kind, int Which, int Milliseconds)[] steps)
        {
            foreach ((Kind kind, int which, int milliseconds) in steps)
            {
                await StepAsync(kind, which, milliseconds);
                await CollectAsync();
            }

            foreach ((_, _, CancellationTokenSource leaving) in _asking.ToArray())
                await leaving.CancelAsync();
            await CollectAsync();
            Assert.Empty(_asking);
            while (_open.Count > 0)
                End(0);
            Assert.Equal((0, 0), (Queue.Length, Limits.Sources));
            AssertRate(_admitted, PerSecondOfAll);
            for (int source = 0; source < Sources; source++)
                AssertRate([.. _admitted.Where(one => one.Source == source)], PerSecondOfSource);
        }

        private async Task StepAsync(Kind kind, int which, int milliseconds)
        {
            switch (kind)
            {
                case Kind.Comes:
                    int source = which % Sources;
                    var leaving = new CancellationTokenSource();
                    _asking.Add((source, Admit($"192.0.2.{source + 1}", leaving.Token), leaving));
                    break;
                case Kind.Leaves when _asking.Count > 0:
                    await _asking[which % _asking.Count].Leaving.CancelAsync();
                    break;
                case Kind.Ends when _open.Count > 0:
                    End(which % _open.Count);
                    break;
                case Kind.TimePasses:
                    await PassOnTimeAsync(TimeSpan.FromMilliseconds(milliseconds));
                    break;
                case Kind.Reloads:
                    Reload(_options with { SourcePrefixIPv6 = 1 + which }, maxQueue: 5); // has all of them tried again
                    Queue.ServeDue();
                    break;
                default:
                    break;
            }
        }

        private async Task PassOnTimeAsync(TimeSpan time)
        {
            while (time > TimeSpan.Zero)
            {
                TimeSpan tick = Queue.Tick == Timeout.InfiniteTimeSpan || Queue.Tick > time ? time : Queue.Tick;
                Pass(tick);
                await CollectAsync(); // with the time of each admission
                time -= tick;
            }
        }

        // Those that are admitted or refused by now. The rest waits: nobody is left waiting who would be admitted.
        private async Task CollectAsync()
        {
            await Until.TrueAsync(() => _asking.Count(one => !one.Admission.IsCompleted) == Queue.Length, "the others have their answers");
            for (int i = 0; i < _asking.Count;)
            {
                (int source, Task<AdmissionResult> admission, CancellationTokenSource leaving) = _asking[i];
                if (!admission.IsCompleted)
                {
                    i++;
                    continue;
                }

                _asking.RemoveAt(i);
                leaving.Dispose();
                if ((await admission).Taken is not { } taken)
                    continue;
                _open.Add((source, taken));
                _admitted.Add((source, Clock.GetTimestamp()));
            }

            for (int source = 0; source < Sources; source++)
                Assert.InRange(_open.Count(one => one.Source == source), 0, Most);
        }

        private void End(int index)
        {
            SourceConnections taken = _open[index].Taken;
            _open.RemoveAt(index);
            taken.Dispose();
        }

        private void AssertRate(List<(int Source, long At)> admitted, int perSecond)
        {
            for (int first = 0; first < admitted.Count; first++)
            {
                for (int last = first; last < admitted.Count; last++)
                {
                    double seconds = Clock.GetElapsedTime(admitted[first].At, admitted[last].At).TotalSeconds;
                    Assert.True(last - first + 1 <= Burst + (perSecond * seconds) + 1e-6);
                }
            }
        }
    }
}
