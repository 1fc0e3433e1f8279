using LbTcp.Backends;
using LbTcp.Configuration.Settings;
using LbTcp.Hosting.Operations;
using Microsoft.AspNetCore.Http;

namespace LbTcp.Admin.Api;

/// <summary>Changes the process.</summary>
/// <param name="control">Makes the changes.</param>
/// <param name="names">Finds the names that were probably meant.</param>
internal sealed class ChangeRoutes(IHostControl control, KnownNames names)
{
    private static readonly ApiJson _json = ApiJson.Default;

    /// <summary>The routes.</summary>
    public IEnumerable<Route> All =>
    [
        new("POST", $"{AdminRoutes.Root}backends/{{service}}/{{backend}}/intent", SetIntentAsync),
        new("POST", $"{AdminRoutes.Root}backends/{{service}}/{{backend}}/weight", SetWeightAsync),
        new("POST", $"{AdminRoutes.Root}connections/{{id}}/close", CloseAsync),
        new("POST", $"{AdminRoutes.Root}reload", ReloadAsync),
        new("POST", $"{AdminRoutes.Root}rebalance", RebalanceAsync),
        new("POST", $"{AdminRoutes.Root}log-level", SetLogLevelAsync),
    ];

    private async Task SetIntentAsync(ApiRequest request)
    {
        RequestBody body = await RequestBody.ReadAsync(request, "intent");
        BackendIntent intent = body.Choice<BackendIntent>("intent");
        (string service, string backend) = (request.Value("service"), request.Value("backend"));
        await AnswerAsync(request, control.SetIntent(service, backend, intent, request.Requester), () => names.NoBackend(service, backend));
    }

    private async Task SetWeightAsync(ApiRequest request)
    {
        RequestBody body = await RequestBody.ReadAsync(request, "weight");
        int? weight = body.SettingOrNull("weight", BackendSettings.Weight.Form);
        (string service, string backend) = (request.Value("service"), request.Value("backend"));
        await AnswerAsync(request, control.SetWeight(service, backend, weight, request.Requester), () => names.NoBackend(service, backend));
    }

    private async Task CloseAsync(ApiRequest request)
    {
        _ = await RequestBody.ReadAsync(request);
        string id = request.Value("id");
        ChangeResult result = control.CloseConnection(ConnectionRoutes.ReadId(id), request.Requester);
        await AnswerAsync(request, result, () => ConnectionRoutes.NoConnection(id));
    }

    // What is wrong with a configuration is the answer to the question whether it can be applied.
    private async Task ReloadAsync(ApiRequest request)
    {
        RequestBody body = await RequestBody.ReadAsync(request, "dry_run");
        ReloadReport report = await control.ReloadAsync(body.Flag("dry_run"), request.Requester, request.Aborted);
        await ApiAnswer.WriteAsync(request.Context, report, _json.ReloadReport);
    }

    private async Task RebalanceAsync(ApiRequest request)
    {
        RequestBody body = await RequestBody.ReadAsync(request, "service", "per_second", "tolerance");
        string? service = body.TextOrNull("service");
        names.VerifyService(service);
        var rebalance = new RebalanceRequest(
            service, body.Number("per_second", 5, least: 0.01, most: 10_000), body.Number("tolerance", 0.1, least: 0, most: 100));
        RebalanceReport report = control.Rebalance(rebalance, request.Requester);
        Verify(report.Result, () => ApiRequest.Missing(report.Result.Message));
        await ApiAnswer.WriteAsync(request.Context, report, _json.RebalanceReport);
    }

    private async Task SetLogLevelAsync(ApiRequest request)
    {
        RequestBody body = await RequestBody.ReadAsync(request, "level");
        ChangeResult result = control.SetLogLevel(body.Setting("level", HostSettings.LogLevel.Form), request.Requester);
        await AnswerAsync(request, result, () => ApiRequest.Missing(result.Message));
    }

    private static Task AnswerAsync(ApiRequest request, ChangeResult result, Func<RequestException> missing)
    {
        Verify(result, missing);
        return ApiAnswer.WriteAsync(request.Context, result, _json.ChangeResult);
    }

    private static void Verify(ChangeResult result, Func<RequestException> missing)
    {
        if (result.Status is ChangeStatus.NotFound)
            throw missing();
        if (result.Status is ChangeStatus.Refused)
            throw new RequestException(StatusCodes.Status409Conflict, result.Message);
    }
}
