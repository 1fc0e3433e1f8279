using System.Net;
using LbTcp.Configuration.Settings;
using LbTcp.Diagnostics;

namespace LbTcp.Hosting.Operations;

/// <summary>Shows the process that runs.</summary>
/// <param name="services">The services.</param>
/// <param name="process">Reads the state of the process.</param>
/// <param name="history">The traffic of all services.</param>
/// <param name="liveness">Asks whether everything turns.</param>
/// <param name="events">The events of the log.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class HostView(
    ServiceLookup services,
    ProcessReader process,
    TrafficHistory history,
    LivenessProbe liveness,
    EventLog events,
    TimeProvider timeProvider) : IHostView
{
    private readonly ForecastReader _forecasts = new(timeProvider);
    private readonly ConnectionReader _connections = new(services, timeProvider);

    /// <inheritdoc/>
    public EventLog Events => events;

    /// <inheritdoc/>
    public ProcessStatus ReadProcess() => process.Read();

    /// <inheritdoc/>
    public IReadOnlyList<ServiceStatus> ReadServices() => [.. services.All.Select(Read)];

    /// <inheritdoc/>
    public IReadOnlyList<BackendStatus> ReadBackends(string? service) =>
        [.. services.All.Where(parts => service is null || parts.Name == service).SelectMany(ReadBackends)];

    /// <inheritdoc/>
    public BackendDetail? ReadBackend(string service, string backend)
    {
        if (services.Find(service) is not { } parts || ServiceLookup.Find(parts, backend) is not { } found)
            return null;
        var reader = new BackendReader(parts, timeProvider);
        return reader.ReadDetail(reader.FactsOf(found), TrafficReader.ReadLoad(parts, found));
    }

    /// <inheritdoc/>
    public IEnumerable<ConnectionStatus> ReadConnections(ConnectionFilter filter) => _connections.Read(filter);

    /// <inheritdoc/>
    public ConnectionDetail? ReadConnection(long id) => _connections.Read(id);

    /// <inheritdoc/>
    public IReadOnlyList<PickForecast> ForecastPick(IPAddress client) =>
        [.. services.All.SelectMany(parts => _forecasts.Read(parts, client))];

    /// <inheritdoc/>
    public AccessStatus? ReadAccess(string service, IPAddress? client) =>
        services.Find(service) is { } parts ? AccessStatus.Of(parts.Name, parts.Access.Decide(client)) : null;

    /// <inheritdoc/>
    public IReadOnlyList<HistoryPoint>? ReadHistory(string? service) =>
        service is null ? history.Read() : services.Find(service)?.Sampler.History.Read();

    /// <inheritdoc/>
    public HostCounts ReadCounts() => new(
        process.Read(), [.. services.All.Select(parts => TrafficReader.ReadCounts(parts, new BackendReader(parts, timeProvider)))]);

    /// <inheritdoc/>
    public Task<LivenessReport> VerifyAliveAsync(CancellationToken cancellationToken) => liveness.VerifyAsync(cancellationToken);

    private ServiceStatus Read(ServiceParts parts) => new()
    {
        Name = parts.Name,
        Listen = [.. services.PortsOf(parts).Select(port => $"{port.LocalEndPoint}")],
        Algorithm = ServiceSettings.Algorithm.Form.Format(parts.Options.All.Value.Algorithm),
        Reconnectable = parts.Options.Forwarding.Value.Reconnectable,
        Backends = parts.Pool.GetAllBackends().Count,
        BackendsAvailable = new BackendReader(parts, timeProvider).CountAvailable(),
        MaxConnections = parts.Options.All.Value.MaxConnections,
        AdmissionWaiting = parts.Admission.Length,
        Queued = parts.Routes.QueueLength,
        Traffic = parts.Sampler.OfService(),
    };

    private IEnumerable<BackendStatus> ReadBackends(ServiceParts parts)
    {
        var reader = new BackendReader(parts, timeProvider);
        return reader.ReadFacts().Select(facts => reader.Read(facts, parts.Sampler.Of(facts.Backend)));
    }
}
