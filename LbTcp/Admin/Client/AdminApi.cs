using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using LbTcp.Backends;
using LbTcp.Diagnostics;
using LbTcp.Hosting.Operations;
using Microsoft.Extensions.Logging;

namespace LbTcp.Admin.Client;

/// <summary>The requests of the API. Each of them fails with an <see cref="AdminException"/>.</summary>
/// <param name="client">Sends them.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class AdminApi(AdminClient client, TimeProvider timeProvider)
{
    private static readonly ApiJson _json = ApiJson.Default;

    /// <summary>The state of the whole process.</summary>
    public async Task<StateReport> ReadStateAsync(CancellationToken cancellationToken)
    {
        ProcessStatus process = await client.GetAsync("process", _json.ProcessStatus, cancellationToken);
        ItemList<ServiceStatus> services = await client.GetAsync("services", _json.ItemListServiceStatus, cancellationToken);
        IReadOnlyList<BackendStatus> backends = await ReadBackendsAsync(cancellationToken);
        return new StateReport(timeProvider.GetUtcNow(), process, services.Items, backends);
    }

    /// <summary>The state of the whole process, again and again.</summary>
    /// <param name="interval">The interval, with its unit.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    public IAsyncEnumerable<StateReport> FollowStateAsync(string interval, CancellationToken cancellationToken) =>
        client.StreamAsync(Path("state/stream", ("interval", interval)), _json.StateReport, cancellationToken);

    /// <summary>The backends of all services.</summary>
    public async Task<IReadOnlyList<BackendStatus>> ReadBackendsAsync(CancellationToken cancellationToken) =>
        (await client.GetAsync("backends", _json.ItemListBackendStatus, cancellationToken)).Items;

    /// <summary>One backend with its history.</summary>
    public Task<BackendDetail> ReadBackendAsync(BackendStatus backend, CancellationToken cancellationToken) =>
        client.GetAsync(PathOf(backend), _json.BackendDetail, cancellationToken);

    /// <summary>The connections that match, in parts.</summary>
    /// <param name="query">The filter as the API has it; null values are left out.</param>
    /// <param name="pageSize">The maximum number of connections of a part.</param>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    public async IAsyncEnumerable<IReadOnlyList<ConnectionStatus>> ReadConnectionsAsync(
        (string Name, string? Value)[] query, int pageSize, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? after = null;
        do
        {
            string path = Path("connections", [.. query, ("limit", Text(pageSize)), ("after", after)]);
            ItemPage<ConnectionStatus> page = await client.GetAsync(path, _json.ItemPageConnectionStatus, cancellationToken);
            yield return page.Items;
            after = page.Next;
        }
        while (after is not null);
    }

    /// <summary>One connection, by its id as in the log.</summary>
    public Task<ConnectionDetail> ReadConnectionAsync(string id, CancellationToken cancellationToken) =>
        client.GetAsync(Path($"connections/{Uri.EscapeDataString(id)}"), _json.ConnectionDetail, cancellationToken);

    /// <summary>A part of the events after an id, as far as they are kept.</summary>
    public Task<ItemPage<EventRecord>> ReadEventsAsync(string after, CancellationToken cancellationToken) =>
        client.GetAsync(Path("events", ("after", after)), _json.ItemPageEventRecord, cancellationToken);

    /// <summary>The events after an id, and those to come.</summary>
    public IAsyncEnumerable<EventRecord> FollowEventsAsync(long after, CancellationToken cancellationToken) =>
        client.StreamAsync(Path("events/stream", ("after", Text(after))), _json.EventRecord, cancellationToken);

    /// <summary>Where a new connection of a client would go.</summary>
    public async Task<IReadOnlyList<PickForecast>> ForecastPickAsync(IPAddress address, CancellationToken cancellationToken) =>
        (await client.GetAsync(Path("explain", ("client", address.ToString())), _json.ItemListPickForecast, cancellationToken)).Items;

    /// <summary>The names of all services.</summary>
    public async Task<IReadOnlyList<string>> ReadServiceNamesAsync(CancellationToken cancellationToken) =>
        [.. (await client.GetAsync("services", _json.ItemListServiceStatus, cancellationToken)).Items.Select(service => service.Name)];

    /// <summary>Whether a service admits a client: an address, or unix.</summary>
    public Task<AccessStatus> ReadAccessAsync(string service, string address, CancellationToken cancellationToken) => client.GetAsync(
        Path($"services/{Uri.EscapeDataString(service)}/access", ("client", address)), _json.AccessStatus, cancellationToken);

    /// <summary>Sets the intent for a backend.</summary>
    public Task<ChangeResult> SetIntentAsync(BackendStatus backend, BackendIntent intent, CancellationToken cancellationToken) =>
        client.PostAsync(
            $"{PathOf(backend)}/intent", new IntentRequest(intent), _json.IntentRequest, _json.ChangeResult, cancellationToken);

    /// <summary>Overrides the weight of a backend; null for the configured one.</summary>
    public Task<ChangeResult> SetWeightAsync(BackendStatus backend, int? weight, CancellationToken cancellationToken) =>
        client.PostAsync(
            $"{PathOf(backend)}/weight", new WeightRequest(weight), _json.WeightRequest, _json.ChangeResult, cancellationToken);

    /// <summary>Ends a connection.</summary>
    public Task<ChangeResult> CloseConnectionAsync(string id, CancellationToken cancellationToken) => client.PostAsync(
        $"connections/{Uri.EscapeDataString(id)}/close", new CloseRequest(), _json.CloseRequest, _json.ChangeResult, cancellationToken);

    /// <summary>Reads the configuration again.</summary>
    public Task<ReloadReport> ReloadAsync(bool dryRun, CancellationToken cancellationToken) =>
        client.PostAsync("reload", new ReloadRequest(dryRun), _json.ReloadRequest, _json.ReloadReport, cancellationToken);

    /// <summary>Moves connections.</summary>
    public Task<RebalanceReport> RebalanceAsync(RebalanceRequest request, CancellationToken cancellationToken) =>
        client.PostAsync("rebalance", request, _json.RebalanceRequest, _json.RebalanceReport, cancellationToken);

    /// <summary>Changes the minimum level of log lines.</summary>
    public Task<ChangeResult> SetLogLevelAsync(LogLevel level, CancellationToken cancellationToken) =>
        client.PostAsync("log-level", new LogLevelRequest(level), _json.LogLevelRequest, _json.ChangeResult, cancellationToken);

    private static string PathOf(BackendStatus backend) =>
        $"backends/{Uri.EscapeDataString(backend.Service)}/{Uri.EscapeDataString(backend.Name)}";

    private static string Path(string path, params (string Name, string? Value)[] query)
    {
        IEnumerable<string> given = query.Where(parameter => parameter.Value is not null)
            .Select(parameter => $"{parameter.Name}={Uri.EscapeDataString(parameter.Value!)}");
        string text = string.Join('&', given);
        return text.Length == 0 ? path : $"{path}?{text}";
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
