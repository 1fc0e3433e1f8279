using System.Net;
using LbTcp.Backends;
using LbTcp.Diagnostics;
using LbTcp.Hosting.Operations;
using Microsoft.Extensions.Logging;

namespace LbTcp.Tests.Admin.Page;

/// <summary>A process that does not exist: what the page shows of it, and a record of what the page asked it to do.</summary>
internal sealed class Fleet : IHostView, IHostControl
{
    private readonly List<(string Name, string[] Listen, string Algorithm)> _services = [];
    private readonly List<FleetMember> _members = [];
    private readonly List<string> _changes = [];

    public EventLog Events { get; } = new(1000);

    public DateTimeOffset StartedAt { get; set; } = DateTimeOffset.UtcNow - TimeSpan.FromHours(76.2);

    /// <summary>How much of the usual traffic there was since one minute ago; 1 unless there is an outage.</summary>
    public double Level { get; set; } = 1;

    /// <summary>The answer to the next changes, if it is not that they were made.</summary>
    public ChangeResult? Answer { get; set; }

    /// <summary>The requested changes, as <c>intent web web1 Drain</c>.</summary>
    public IReadOnlyList<string> Changes
    {
        get
        {
            lock (_changes)
                return [.. _changes];
        }
    }

    public IReadOnlyList<FleetMember> Members => _members;

    public FleetMember this[string name] => _members.Single(member => member.Name == name);

    public void AddService(string name, string algorithm, params string[] listen) => _services.Add((name, listen, algorithm));

    public FleetMember Add(FleetMember member)
    {
        _members.Add(member.Begin(DateTimeOffset.UtcNow, TimeSpan.FromHours(76 - (_members.Count % 50))));
        return member;
    }

    public void Tell(TimeSpan ago, LogLevel level, string message, string? service = null, string? backend = null,
        params (string Key, string Value)[] fields)
    {
        KeyValuePair<string, string>[] pairs = [.. fields.Select(field => KeyValuePair.Create(field.Key, field.Value))];
        _ = Events.Add(id => new EventRecord(id, DateTimeOffset.UtcNow - ago, level, 1, message, service, backend, pairs));
    }

    public ProcessStatus ReadProcess() => new()
    {
        Version = "0.11.0",
        Pid = 4711,
        State = ProcessState.Running,
        StartedAt = StartedAt,
        Uptime = DateTimeOffset.UtcNow - StartedAt,
        Transport = "epoll",
        LogLevel = "info",
        Open = _members.Sum(member => member.Open),
        MaxConnections = 32_000,
        DescriptorsUsed = 812,
        DescriptorsLimit = 65_536,
        SplicePipesUsed = 0,
        SplicePipesLimit = 4,
        MemoryBytes = 61_000_000,
        LogLinesDropped = 0,
        ReloadsDone = 2,
        ReloadsRefused = 0,
        ConfiguredAt = StartedAt,
        Reactors = [new ReactorStatus(0, 10, 0.12), new ReactorStatus(1, 9, 0.09)],
    };

    public IReadOnlyList<ServiceStatus> ReadServices() => [.. _services.Select(service =>
    {
        FleetMember[] members = [.. _members.Where(member => member.Service == service.Name)];
        TrafficStatus[] traffic = [.. members.Select(member => member.Read(0).Traffic)];
        return new ServiceStatus
        {
            Name = service.Name,
            Listen = service.Listen,
            Algorithm = service.Algorithm,
            Reconnectable = false,
            Backends = members.Length,
            BackendsAvailable = members.Count(member => member.IsAvailable),
            MaxConnections = null,
            AdmissionWaiting = 0,
            Queued = 0,
            Traffic = Sum(traffic),
        };
    })];

    public IReadOnlyList<BackendStatus> ReadBackends(string? service) =>
        [.. _members.Where(member => service is null || member.Service == service).Select(ReadMember)];

    public BackendDetail? ReadBackend(string service, string backend) =>
        _members.FirstOrDefault(member => member.Service == service && member.Name == backend) is { } member ? ReadMember(member) : null;

    public IEnumerable<ConnectionStatus> ReadConnections(ConnectionFilter filter) => [];

    public ConnectionDetail? ReadConnection(long id) => null;

    public IReadOnlyList<PickForecast> ForecastPick(IPAddress client) => [];

    public AccessStatus? ReadAccess(string service, IPAddress? client) => null;

    public IReadOnlyList<HistoryPoint>? ReadHistory(string? service) => FleetHistory.Of(this, service);

    public HostCounts ReadCounts() => new(ReadProcess(), []);

    public Task<LivenessReport> VerifyAliveAsync(CancellationToken cancellationToken) => Task.FromResult(new LivenessReport(true, []));

    public ChangeResult SetIntent(string service, string backend, BackendIntent intent, Requester requester)
    {
        ChangeResult result = Record($"intent {service} {backend} {intent}", $"{backend}: {intent}, {this[backend].Open} open.");
        if (result.Status is ChangeStatus.Done)
            this[backend].Set(intent, DateTimeOffset.UtcNow);
        return result;
    }

    public ChangeResult SetWeight(string service, string backend, int? weight, Requester requester)
    {
        this[backend].WeightOverride = weight;
        return Record($"weight {service} {backend} {weight?.ToString() ?? "null"}", $"{backend}: weight {weight}.");
    }

    public ChangeResult CloseConnection(long id, Requester requester) => Record($"close {id}", "Closed.");

    public Task<ReloadReport> ReloadAsync(bool dryRun, Requester requester, CancellationToken cancellationToken) =>
        Task.FromResult(new ReloadReport(false, [], []));

    public RebalanceReport Rebalance(RebalanceRequest request, Requester requester) =>
        new(Record("rebalance", "Started."), [], TimeSpan.Zero);

    public ChangeResult SetLogLevel(LogLevel level, Requester requester) => Record($"level {level}", "Set.");

    private ChangeResult Record(string change, string message)
    {
        lock (_changes)
            _changes.Add(change);
        return Answer ?? new ChangeResult(ChangeStatus.Done, message);
    }

    private BackendDetail ReadMember(FleetMember member) =>
        member.Read(member.IsAvailable ? 1.0 / _members.Count(other => other.Service == member.Service && other.IsAvailable) : 0);

    private static TrafficStatus Sum(TrafficStatus[] traffic) => new()
    {
        Open = traffic.Sum(each => each.Open),
        Total = traffic.Sum(each => each.Total),
        Failed = traffic.Sum(each => each.Failed),
        BytesIn = traffic.Sum(each => each.BytesIn),
        BytesOut = traffic.Sum(each => each.BytesOut),
        ConnectionsPerSecond = traffic.Sum(each => each.ConnectionsPerSecond),
        FailuresPerSecond = traffic.Sum(each => each.FailuresPerSecond),
        BytesInPerSecond = traffic.Sum(each => each.BytesInPerSecond),
        BytesOutPerSecond = traffic.Sum(each => each.BytesOutPerSecond),
        ConnectP50 = traffic.Max(each => each.ConnectP50),
        ConnectP99 = traffic.Max(each => each.ConnectP99),
    };
}
