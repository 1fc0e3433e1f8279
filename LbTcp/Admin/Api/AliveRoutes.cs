using LbTcp.Hosting.Operations;
using Microsoft.AspNetCore.Http;

namespace LbTcp.Admin.Api;

/// <summary>Tells orchestrators whether the process works and whether it can serve clients.</summary>
/// <param name="view">The process.</param>
/// <param name="names">Verifies names.</param>
internal sealed class AliveRoutes(IHostView view, KnownNames names)
{
    private const string Ok = "ok";

    /// <summary>The routes.</summary>
    public IEnumerable<Route> All =>
    [
        new("GET", "/healthz", VerifyAliveAsync) { IsOpen = true },
        new("GET", "/readyz", VerifyReadyAsync, "service") { IsOpen = true },
    ];

    private async Task VerifyAliveAsync(ApiRequest request)
    {
        LivenessReport report = await view.VerifyAliveAsync(request.Aborted);
        await AnswerAsync(request, report.IsAlive ? [] : report.Problems.DefaultIfEmpty("lbtcp does not work."));
    }

    private Task VerifyReadyAsync(ApiRequest request)
    {
        string? service = request.Parameter("service");
        names.VerifyService(service);
        IEnumerable<string> problems = view.ReadProcess().State switch
        {
            ProcessState.Starting => ["lbtcp is starting."],
            ProcessState.Draining => ["lbtcp is draining."],
            _ => view.ReadServices()
                .Where(known => known.BackendsAvailable == 0 && (service is null || known.Name == service))
                .Select(known => $"The service {known.Name} has no available backend, of {known.Backends}."),
        };
        return AnswerAsync(request, problems);
    }

    private static Task AnswerAsync(ApiRequest request, IEnumerable<string> problems)
    {
        string text = string.Join('\n', problems);
        return text.Length == 0
            ? ApiAnswer.WriteTextAsync(request.Context, StatusCodes.Status200OK, Ok)
            : ApiAnswer.WriteTextAsync(request.Context, StatusCodes.Status503ServiceUnavailable, text);
    }
}
