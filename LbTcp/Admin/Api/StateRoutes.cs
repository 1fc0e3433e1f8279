using System.Net;
using LbTcp.Configuration;
using LbTcp.Hosting.Operations;

namespace LbTcp.Admin.Api;

/// <summary>Shows the process, its services and backends.</summary>
/// <param name="view">The process.</param>
/// <param name="names">Verifies names.</param>
/// <param name="streams">Limits the streams.</param>
/// <param name="timeProvider">The clock.</param>
/// <param name="stopping">Fires when the streams have to end.</param>
internal sealed class StateRoutes(
    IHostView view, KnownNames names, StreamLimit streams, TimeProvider timeProvider, CancellationToken stopping)
{
    private static readonly ApiJson _json = ApiJson.Default;
    private static readonly TimeSpan _shortestInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan _longestInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan _timerError = TimeSpan.FromMilliseconds(20);

    private readonly StateSnapshots _snapshots = new(view, timeProvider);

    /// <summary>The routes.</summary>
    public IEnumerable<Route> All =>
    [
        new("GET", $"{AdminRoutes.Root}process", ReadProcessAsync),
        new("GET", $"{AdminRoutes.Root}services", ReadServicesAsync),
        new("GET", $"{AdminRoutes.Root}services/{{service}}", ReadServiceAsync),
        new("GET", $"{AdminRoutes.Root}services/{{service}}/access", ReadAccessAsync, "client"),
        new("GET", $"{AdminRoutes.Root}backends", ReadBackendsAsync, "service"),
        new("GET", $"{AdminRoutes.Root}backends/{{service}}/{{backend}}", ReadBackendAsync),
        new("GET", $"{AdminRoutes.Root}history", ReadHistoryAsync, "service"),
        new("GET", $"{AdminRoutes.Root}explain", ExplainAsync, "client"),
        new("GET", $"{AdminRoutes.Root}state/stream", StreamAsync, "interval") { IsStream = true },
    ];

    private Task ReadProcessAsync(ApiRequest request) => ApiAnswer.WriteAsync(request.Context, view.ReadProcess(), _json.ProcessStatus);

    private Task ReadServicesAsync(ApiRequest request) =>
        ApiAnswer.WriteListAsync(request.Context, view.ReadServices(), _json.ItemListServiceStatus);

    private Task ReadServiceAsync(ApiRequest request)
    {
        string name = request.Value("service");
        ServiceStatus service = view.ReadServices().FirstOrDefault(known => known.Name == name) ?? throw names.NoService(name);
        return ApiAnswer.WriteAsync(request.Context, service, _json.ServiceStatus);
    }

    private Task ReadAccessAsync(ApiRequest request)
    {
        string name = request.Value("service");
        string text = request.Parameter("client") ?? throw ApiRequest.Bad("The parameter client is missing: the address of a client.");
        if (!Network.TryReadClient(text, out IPAddress? client))
            throw ApiRequest.Bad($"The parameter client: {Quoted.Text(text)} is not an address, and not unix.");
        AccessStatus access = view.ReadAccess(name, client) ?? throw names.NoService(name);
        return ApiAnswer.WriteAsync(request.Context, access, _json.AccessStatus);
    }

    private Task ReadBackendsAsync(ApiRequest request)
    {
        string? service = request.Parameter("service");
        names.VerifyService(service);
        return ApiAnswer.WriteListAsync(request.Context, view.ReadBackends(service), _json.ItemListBackendStatus);
    }

    private Task ReadBackendAsync(ApiRequest request)
    {
        (string service, string name) = (request.Value("service"), request.Value("backend"));
        BackendDetail backend = view.ReadBackend(service, name) ?? throw names.NoBackend(service, name);
        return ApiAnswer.WriteAsync(request.Context, backend, _json.BackendDetail);
    }

    private Task ReadHistoryAsync(ApiRequest request)
    {
        string? service = request.Parameter("service");
        IReadOnlyList<HistoryPoint> history = view.ReadHistory(service) ?? throw names.NoService(service ?? "");
        return ApiAnswer.WriteListAsync(request.Context, history, _json.ItemListHistoryPoint);
    }

    private Task ExplainAsync(ApiRequest request)
    {
        string text = request.Parameter("client") ?? throw ApiRequest.Bad("The parameter client is missing: the address of a client.");
        return Hosts.TryParseAddress(text, out IPAddress? client, out string? error)
            ? ApiAnswer.WriteListAsync(request.Context, view.ForecastPick(client), _json.ItemListPickForecast)
            : throw ApiRequest.Bad($"The parameter client: {error}");
    }

    private Task StreamAsync(ApiRequest request)
    {
        TimeSpan interval = Interval(request.Parameter("interval") ?? "1s");
        return streams.RunAsync(request, (stream, end) => StreamAsync(stream, interval, end), stopping);
    }

    private async Task StreamAsync(EventStream stream, TimeSpan interval, CancellationToken end)
    {
        while (true)
        {
            stream.Add("state", null, _snapshots.Read());
            await stream.FlushAsync(end);
            await Task.Delay(TimeToNext(interval), timeProvider, end);
        }
    }

    // All streams with the same interval send at the same moments, so that the state is read once for all of them. A timer may fire a
    // moment early: then the next one is not due at once.
    private TimeSpan TimeToNext(TimeSpan interval)
    {
        TimeSpan left = interval - TimeSpan.FromTicks(timeProvider.GetElapsedTime(0).Ticks % interval.Ticks);
        return left > _timerError ? left : left + interval;
    }

    private static TimeSpan Interval(string text)
    {
        if (!Duration.TryParse(text, out TimeSpan interval, out string? problem))
            throw ApiRequest.Bad($"The parameter interval: {problem}");
        return interval >= _shortestInterval && interval <= _longestInterval
            ? interval
            : throw ApiRequest.Bad(
                $"The parameter interval is {Duration.Format(interval)}, which is not a time between "
                + $"{Duration.Format(_shortestInterval)} and {Duration.Format(_longestInterval)}.");
    }
}
