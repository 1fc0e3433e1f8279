using LbTcp.Backends;

namespace LbTcp.Health;

/// <summary>What the checker keeps for one backend. While a check runs only that check touches it.</summary>
internal sealed class BackendCheck(BackendHealth tracker, CheckSchedule schedule)
{
    /// <summary>Whom to ask.</summary>
    public Backend Backend => Tracker.Backend;

    /// <summary>Who is told the answer.</summary>
    public BackendHealth Tracker { get; } = tracker;

    /// <summary>When to ask.</summary>
    public CheckSchedule Schedule { get; } = schedule;

    /// <summary>The latest check.</summary>
    public Task Run { get; set; } = Task.CompletedTask;
}
