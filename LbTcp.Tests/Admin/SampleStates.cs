using LbTcp.Backends;
using LbTcp.Diagnostics;
using LbTcp.Hosting.Operations;
using Microsoft.Extensions.Logging;

namespace LbTcp.Tests.Admin;

/// <summary>States of a process as an operator may see them.</summary>
internal static class SampleStates
{
    public static readonly DateTimeOffset Time = new(2026, 11, 22, 16, 4, 5, 123, TimeSpan.Zero);

    public static ProcessStatus Process { get; } = new()
    {
        Version = "1.2.3",
        Pid = 4711,
        State = ProcessState.Running,
        StartedAt = Time,
        Uptime = TimeSpan.FromSeconds(90.5),
        Transport = "epoll",
        LogLevel = "info",
        Open = 41,
        MaxConnections = 9_965,
        DescriptorsUsed = 150,
        DescriptorsLimit = 20_000,
        SplicePipesUsed = 1,
        SplicePipesLimit = 64,
        MemoryBytes = 40_000_000,
        LogLinesDropped = 0,
        ReloadsDone = 2,
        ReloadsRefused = 1,
        ConfiguredAt = Time,
        Reactors = [new ReactorStatus(0, 20, 0.25), new ReactorStatus(1, 21, 0.5)],
    };

    public static TrafficStatus Traffic { get; } = new()
    {
        Open = 41,
        Total = 91_022,
        Failed = 3,
        BytesIn = 1_000,
        BytesOut = 2_000,
        ConnectionsPerSecond = 118.5,
        FailuresPerSecond = 0,
        BytesInPerSecond = 310_000,
        BytesOutPerSecond = 2_100_000,
        ConnectP50 = TimeSpan.FromMilliseconds(0.4),
        ConnectP99 = null,
    };

    public static CheckStatus Check { get; } = new(Time, CheckOutcome.Failure, TimeSpan.FromMilliseconds(0.3), "connection refused");

    public static BackendDetail Detail { get; } = new()
    {
        Service = "web",
        Name = "web1",
        Address = "10.0.1.4:3001",
        Health = HealthState.Unhealthy,
        Intent = BackendIntent.Drain,
        Available = false,
        Reason = "3 checks failed in a row: connection refused",
        Since = Time,
        Weight = 3,
        WeightOverride = null,
        EffectiveWeight = 0,
        Share = 0,
        Backup = false,
        MaxConnections = 500,
        Traffic = Traffic,
        LastCheck = Check,
        ChecksInRow = 3,
        Addresses = ["10.0.1.4:3001"],
        Checks = [Check],
        Transitions = [new Transition(Time, "unhealthy", "3 checks failed in a row", TransitionTrigger.Active)],
        NextCheck = TimeSpan.FromSeconds(0.4),
        Next = ["2 successes in a row make it healthy."],
        ShareReasons = ["It is not available."],
        OldestConnection = TimeSpan.FromHours(4),
        LongestIdle = null,
        Completed = 13,
    };

    public static ServiceStatus Service(string name) => new()
    {
        Name = name,
        Listen = ["127.0.0.1:8080"],
        Algorithm = "leastconn",
        Reconnectable = false,
        Backends = 3,
        BackendsAvailable = 2,
        MaxConnections = null,
        Queued = 0,
        Traffic = Traffic,
    };

    public static BackendStatus Backend(string service, string name) => new()
    {
        Service = service,
        Name = name,
        Address = "10.0.1.4:3001",
        Health = HealthState.Healthy,
        Intent = BackendIntent.Ready,
        Available = true,
        Reason = "2 checks succeeded in a row",
        Since = Time,
        Weight = 1,
        WeightOverride = 2,
        EffectiveWeight = 2,
        Share = 0.5,
        Backup = false,
        MaxConnections = null,
        Traffic = Traffic,
        LastCheck = null,
        ChecksInRow = 2,
    };

    public static ConnectionStatus Connection(long id) => new()
    {
        Id = id.ToString("x", null),
        Service = "web",
        Client = "10.0.0.9:51322",
        Backend = "web1",
        Address = "10.0.1.4:3001",
        State = ConnectionState.HalfClosed,
        StartedAt = Time,
        Age = TimeSpan.FromMinutes(5),
        Idle = TimeSpan.FromSeconds(0.25),
        BytesIn = 512,
        BytesOut = 20_480,
    };

    public static ConnectionDetail ConnectionDetail { get; } = new()
    {
        Id = "1f3",
        Service = "web",
        Client = "10.0.0.9:51322",
        Backend = null,
        Address = null,
        State = ConnectionState.Queued,
        StartedAt = Time,
        Age = TimeSpan.FromMinutes(5),
        Idle = TimeSpan.Zero,
        BytesIn = 0,
        BytesOut = 0,
        FailedAttempts = [new AttemptStatus("web2", "connection refused")],
        Connect = null,
        Queue = TimeSpan.FromSeconds(1),
        PickReasons = ["web1 has the fewest connections."],
    };

    public static HistoryPoint Point { get; } =
        new(Time, 118.5, 41, 310_000, 2_100_000, 0, TimeSpan.FromMilliseconds(0.4), null);

    public static PickForecast Forecast { get; } = new("web", "web1", ["It has the fewest."], [new BackendShare("web1", 1)]);

    public static EventRecord Event(long id) => new(
        id, Time, LogLevel.Warning, EventIds.BackendDown, "backend is unhealthy, was healthy", "web", "web1",
        [new("reason", "connection refused")]);
}
