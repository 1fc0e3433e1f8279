using LbTcp.Health;
using Microsoft.Extensions.Time.Testing;

namespace LbTcp.Tests.Health;

public sealed class CheckHistoryTests
{
    private static readonly ProbeResult _works = new(ProbeOutcome.Healthy, "connected");
    private static readonly ProbeResult _fails = new(ProbeOutcome.Unhealthy, "connection refused");
    private static readonly ProbeResult _isUnclear = new(ProbeOutcome.Inconclusive, "out of file descriptors");

    private readonly FakeTimeProvider _clock = new();
    private readonly CheckHistory _history;

    public CheckHistoryTests() => _history = new CheckHistory(_clock);

    [Fact]
    public void Latest_NoCheckYet_IsEmpty()
    {
        Assert.Empty(_history.Latest);
        Assert.Null(_history.Last);
        Assert.Equal(0, _history.InRow);
    }

    [Fact]
    public void Add_Check_HasTheTimeOfItsBeginAndItsDuration()
    {
        DateTimeOffset begun = _clock.GetUtcNow();
        long timestamp = _clock.GetTimestamp();
        _clock.Advance(TimeSpan.FromMilliseconds(3));

        _history.Add(in _fails, timestamp, TimeSpan.FromMilliseconds(3));

        Assert.Equal(
            new CheckRecord(begun, ProbeOutcome.Unhealthy, TimeSpan.FromMilliseconds(3), "connection refused"), _history.Last);
    }

    [Fact]
    public void Add_MoreThanAreKept_KeepsTheLatestAndCountsAll()
    {
        for (int i = 0; i < CheckHistory.Capacity + 5; i++)
            Add(new ProbeResult(ProbeOutcome.Healthy, $"{i}"));

        Assert.Equal(
            Enumerable.Range(5, CheckHistory.Capacity).Reverse().Select(i => $"{i}"), _history.Latest.Select(check => check.Detail));
        Assert.Equal(CheckHistory.Capacity + 5, _history.Count(ProbeOutcome.Healthy));
        Assert.Equal(CheckHistory.Capacity + 5, _history.InRow);
    }

    [Fact]
    public void InRow_OutcomeChanges_BeginsAgain()
    {
        Add(_works);
        Add(_fails);
        Add(_fails);
        Assert.Equal(2, _history.InRow);

        Add(_isUnclear);

        Assert.Equal(1, _history.InRow);
        Assert.Equal(
            (1, 2, 1),
            (_history.Count(ProbeOutcome.Healthy), _history.Count(ProbeOutcome.Unhealthy), _history.Count(ProbeOutcome.Inconclusive)));
    }

    private void Add(ProbeResult result) => _history.Add(in result, _clock.GetTimestamp(), TimeSpan.Zero);
}
