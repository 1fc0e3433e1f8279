using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using LbTcp.Admin;
using LbTcp.Admin.Page;
using LbTcp.Diagnostics;
using LbTcp.Hosting.Operations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace LbTcp.Tests.Admin.Page;

internal sealed class StandIn(int port, string? token) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private WebApplication? _app;

    public async Task StartAsync(IHostView view, IHostControl control)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        _app = builder.Build();
        var page = new AdminPage();
        _app.Use(async (context, next) =>
        {
            if (token is not null && context.Request.Path != "/" && context.Request.Headers.Authorization != $"Bearer {token}")
                await Problem(context, 401, "Send the token as a bearer token.");
            else
                await next();
        });
        _app.MapGet("/", context =>
        {
            context.Response.ContentType = "text/html; charset=utf-8";
            context.Response.Headers.ContentSecurityPolicy = page.ContentSecurityPolicy;
            return context.Response.BodyWriter.WriteAsync(page.Html).AsTask();
        });
        _app.MapGet("/api/v1/history", context => Write(context, new ItemList<HistoryPoint>(view.ReadHistory(context.Request.Query["service"].FirstOrDefault())!), ApiJson.Default.ItemListHistoryPoint));
        _app.MapGet("/api/v1/services", context => Write(context, new ItemList<ServiceStatus>(view.ReadServices()), ApiJson.Default.ItemListServiceStatus));
        _app.MapGet("/api/v1/backends", context => Write(context, new ItemList<BackendStatus>(view.ReadBackends(null)), ApiJson.Default.ItemListBackendStatus));
        _app.MapGet("/api/v1/backends/{s}/{b}", (HttpContext context, string s, string b) => Write(context, view.ReadBackend(s, b.Replace("%2F", "/"))!, ApiJson.Default.BackendDetail));
        _app.MapPost("/api/v1/backends/{s}/{b}/intent", async (HttpContext context, string s, string b) =>
        {
            IntentRequest? body = await JsonSerializer.DeserializeAsync(context.Request.Body, ApiJson.Default.IntentRequest);
            await Answer(context, control.SetIntent(s, b, body!.Intent, new Requester("local", "x")));
        });
        _app.MapPost("/api/v1/backends/{s}/{b}/weight", async (HttpContext context, string s, string b) =>
        {
            WeightRequest? body = await JsonSerializer.DeserializeAsync(context.Request.Body, ApiJson.Default.WeightRequest);
            await Answer(context, control.SetWeight(s, b, body!.Weight, new Requester("local", "x")));
        });
        _app.MapGet("/api/v1/state/stream", async (HttpContext context) =>
        {
            context.Response.ContentType = "text/event-stream";
            using var both = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, context.RequestAborted);
            while (!both.IsCancellationRequested)
            {
                var report = new StateReport(DateTimeOffset.UtcNow, view.ReadProcess(), view.ReadServices(), view.ReadBackends(null));
                await context.Response.WriteAsync($"event: state\ndata: {JsonSerializer.Serialize(report, ApiJson.Default.StateReport)}\n\n", both.Token);
                await Task.Delay(1000, both.Token);
            }
        });
        _app.MapGet("/api/v1/events/stream", async (HttpContext context) =>
        {
            context.Response.ContentType = "text/event-stream";
            using var both = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, context.RequestAborted);
            long after = long.Parse(context.Request.Query["after"].FirstOrDefault() ?? "0");
            while (!both.IsCancellationRequested)
            {
                foreach (EventRecord record in view.Events.After(after))
                {
                    await context.Response.WriteAsync($"id: {record.Id}\nevent: event\ndata: {JsonSerializer.Serialize(record, ApiJson.Default.EventRecord)}\n\n", both.Token);
                    after = record.Id;
                }

                await view.Events.WhenAfterAsync(after, both.Token);
            }
        });
        await _app.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _app!.StopAsync(new CancellationToken(true));
        await _app.DisposeAsync();
    }

    private static async Task Answer(HttpContext context, ChangeResult result)
    {
        if (result.Status is ChangeStatus.Refused)
            await Problem(context, 409, result.Message);
        else
            await Write(context, result, ApiJson.Default.ChangeResult);
    }

    private static async Task Problem(HttpContext context, int status, string detail)
    {
        context.Response.StatusCode = status;
        await Write(context, new ApiProblem(null, null, status, detail), ApiJson.Default.ApiProblem);
    }

    private static Task Write<T>(HttpContext context, T value, JsonTypeInfo<T> type)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(JsonSerializer.Serialize(value, type), Encoding.UTF8);
    }
}
