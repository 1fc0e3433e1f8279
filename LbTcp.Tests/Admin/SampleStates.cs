using LbTcp.Backends;
using LbTcp.Diagnostics;
using LbTcp.Hosting.Operations;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Logging;

namespace LbTcp.Tests.Admin;

/// <summary><see cref="Samples"/> with what only the API shows: optional members that are absent, and times with milliseconds.</summary>
internal static class SampleStates
{
    public static readonly DateTimeOffset Time = new(2026, 11, 22, 16, 4, 5, 123, TimeSpan.Zero);

    public static ProcessStatus Process { get; } = Samples.Process with
    {
        Version = "1.2.3",
        StartedAt = Time,
        Uptime = TimeSpan.FromSeconds(90.5),
        ConfiguredAt = Time,
        Reactors = [new ReactorStatus(0, 20, 0.25), new ReactorStatus(1, 21, 0.5)],
    };

    public static TrafficStatus Traffic { get; } = Samples.Traffic with { ConnectionsPerSecond = 118.5, ConnectP99 = null };

    public static CheckStatus Check { get; } = new(Time, CheckOutcome.Failure, TimeSpan.FromMilliseconds(0.3), "connection refused");

    public static BackendDetail Detail { get; } = Samples.Web2 with
    {
        Name = "web1",
        Intent = BackendIntent.Drain,
        Since = Time,
        MaxConnections = 500,
        LastCheck = Check,
        Checks = [Check],
        NextCheck = TimeSpan.FromSeconds(0.4),
        ShareReasons = ["it is unhealthy"],
        LongestIdle = null,
        ServerNames = ["a.example"],
    };

    public static ServiceStatus Service(string name) => Samples.Service with { Name = name, Traffic = Traffic };

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
        ServerNames = ["a.example", "*.a.example"],
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

    public static ConnectionDetail ConnectionDetail { get; } = Samples.Connection with
    {
        Backend = null,
        Address = null,
        State = ConnectionState.Queued,
        BytesIn = 0,
        BytesOut = 0,
        Connect = null,
        Queue = TimeSpan.FromSeconds(1),
    };

    public static HistoryPoint Point { get; } =
        new(Time, 118.5, 41, 310_000, 2_100_000, 0, TimeSpan.FromMilliseconds(0.4), null);

    public static PickForecast Forecast { get; } = new(
        "web", "web1", ["It has the fewest."], new("web", true, null, null, "is admitted: no rule matches"), [new BackendShare("web1", 1)])
    {
        ServerNames = ["a.example"],
    };

    public static EventRecord Event(long id) => new(
        id, Time, LogLevel.Warning, EventIds.BackendDown, "backend is unhealthy, was healthy", "web", "web1",
        [new("reason", "connection refused")]);
}
