using LbTcp.Backends;

namespace LbTcp.Health;

/// <summary>What the checker keeps for one backend. While a check runs only that check touches it.</summary>
internal sealed class BackendCheck(Backend backend, HealthTracker tracker, CheckSchedule schedule)
{
    /// <summary>Whom to ask.</summary>
    public Backend Backend { get; } = backend;

    /// <summary>What the checks so far amount to.</summary>
    public HealthTracker Tracker { get; } = tracker;

    /// <summary>When to ask.</summary>
    public CheckSchedule Schedule { get; } = schedule;

    /// <summary>The latest check.</summary>
    public Task Run { get; set; } = Task.CompletedTask;
}
