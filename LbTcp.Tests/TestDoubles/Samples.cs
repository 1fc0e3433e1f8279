using LbTcp.Backends;
using LbTcp.Hosting.Operations;

namespace LbTcp.Tests.TestDoubles;

/// <summary>States of a process as an operator sees them, at 14:02:23 of 2026-11-22 UTC.</summary>
internal static class Samples
{
    /// <summary>The moment of all samples.</summary>
    public static readonly DateTimeOffset Now = new(2026, 11, 22, 14, 2, 23, TimeSpan.Zero);

    public static readonly TrafficStatus Traffic = new()
    {
        Open = 28,
        Total = 91022,
        Failed = 2,
        BytesIn = 1,
        BytesOut = 2,
        ConnectionsPerSecond = 118,
        FailuresPerSecond = 0,
        BytesInPerSecond = 310_000,
        BytesOutPerSecond = 2_100_000,
        ConnectP50 = TimeSpan.FromMilliseconds(0.4),
        ConnectP99 = TimeSpan.FromMilliseconds(3),
    };

    public static readonly ProcessStatus Process = new()
    {
        Version = "0.1.0",
        Pid = 7,
        State = ProcessState.Running,
        StartedAt = Now.AddDays(-3),
        Uptime = TimeSpan.FromDays(3),
        Transport = "epoll",
        LogLevel = "info",
        Open = 41,
        MaxConnections = 20000,
        DescriptorsUsed = 100,
        DescriptorsLimit = 65536,
        SplicePipesUsed = 1,
        SplicePipesLimit = 64,
        MemoryBytes = 48_000_000,
        LogLinesDropped = 0,
        ReloadsDone = 1,
        ReloadsRefused = 0,
        ConfiguredAt = Now.AddDays(-3),
        Reactors = [new ReactorStatus(0, 41, 0.1)],
    };

    public static readonly ServiceStatus Service = new()
    {
        Name = "web",
        Listen = ["*:8080"],
        Algorithm = "leastconn",
        Reconnectable = false,
        Backends = 3,
        BackendsAvailable = 2,
        MaxConnections = null,
        AdmissionWaiting = 0,
        Queued = 0,
        Traffic = Traffic with { Open = 41 },
    };

    /// <summary>A healthy backend.</summary>
    public static readonly BackendDetail Web1 = new()
    {
        Service = "web",
        Name = "web1",
        Address = "10.0.1.4:3001",
        Health = HealthState.Healthy,
        Intent = BackendIntent.Ready,
        Available = true,
        Reason = "2 checks succeeded in a row",
        Since = Now.AddDays(-2.5),
        Weight = 3,
        WeightOverride = null,
        EffectiveWeight = 3,
        Share = 0.75,
        Backup = false,
        ServerNames = [],
        MaxConnections = null,
        Traffic = Traffic,
        LastCheck = Check(1, "200", 1.2),
        ChecksInRow = 100,
        Addresses = ["10.0.1.4:3001"],
        Checks = [Check(1, "200", 1.2)],
        Transitions = [],
        NextCheck = TimeSpan.FromMilliseconds(400),
        Next = [],
        ShareReasons = ["weight 3 of 4"],
        OldestConnection = TimeSpan.FromHours(4),
        LongestIdle = TimeSpan.FromMinutes(12),
        Completed = 90000,
    };

    /// <summary>A backend that refuses connections.</summary>
    public static readonly BackendDetail Web2 = Web1 with
    {
        Name = "web2",
        Address = "10.0.1.5:3001",
        Health = HealthState.Unhealthy,
        Available = false,
        Weight = 1,
        EffectiveWeight = 0,
        Share = 0,
        Reason = "3 checks failed in a row: connection refused",
        Since = Now.AddSeconds(-12),
        ChecksInRow = 3,
        Traffic = Traffic with { Open = 0, Total = 30111, ConnectP50 = null },
        LastCheck = Check(13, "connection refused", 0.3) with { Outcome = CheckOutcome.Failure },
        Checks = [Check(13, "connection refused", 0.3) with { Outcome = CheckOutcome.Failure }],
        Transitions =
        [
            new Transition(
                Now.AddSeconds(-12), "unhealthy", "3 checks failed in a row: connection refused", TransitionTrigger.Active),
        ],
        Next = ["2 successes in a row make it healthy", "slow start 30s then"],
        ShareReasons = [],
    };

    /// <summary>A healthy backend that drains.</summary>
    public static readonly BackendDetail Web3 = Web1 with
    {
        Name = "web3",
        Address = "10.0.1.6:3001",
        Intent = BackendIntent.Drain,
        Available = false,
        Weight = 1,
        EffectiveWeight = 0,
        Share = 0,
        Reason = "drain by an operator",
        Since = Now.AddMinutes(-4),
        Traffic = Traffic with { Open = 13, Total = 29870, ConnectP50 = TimeSpan.FromMilliseconds(0.6) },
        LastCheck = Check(1, "200", 0.9),
    };

    public static readonly ConnectionDetail Connection = new()
    {
        Id = "1f3",
        Service = "web",
        Client = "10.0.0.9:51322",
        Backend = "web1",
        Address = "10.0.1.4:3001",
        State = ConnectionState.Open,
        StartedAt = Now.AddMinutes(-3),
        Age = TimeSpan.FromMinutes(3),
        Idle = TimeSpan.FromSeconds(2),
        BytesIn = 512,
        BytesOut = 20480,
        FailedAttempts = [new AttemptStatus("web2", "connection refused")],
        Connect = TimeSpan.FromMilliseconds(0.7),
        Queue = null,
        PickReasons =
        [
            "web2 was tried before and failed: connection refused", "web1 was picked by leastconn, one of 2 that were available",
        ],
    };

    private static CheckStatus Check(int secondsAgo, string detail, double milliseconds) => new(
        Now.AddSeconds(-secondsAgo), CheckOutcome.Success, TimeSpan.FromMilliseconds(milliseconds), detail);
}
