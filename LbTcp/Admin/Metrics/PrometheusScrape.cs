using LbTcp.Hosting.Operations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;

namespace LbTcp.Admin.Metrics;

/// <summary>
/// The metrics in the text format of Prometheus, version 0.0.4, whatever the client prefers: in OpenMetrics the exporter adds to each
/// series another one with a time of creation, which is that of the provider and means nothing. Nothing is created before the first scrape.
/// One scrape is made at a time, into memory: a client that reads slowly does not delay the others.
/// </summary>
/// <param name="view">The process.</param>
internal sealed class PrometheusScrape(IHostView view) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private readonly ServiceProvider _services = new ServiceCollection().BuildServiceProvider();
    private readonly HostMetrics _metrics = new(view, builder => builder.AddPrometheusExporter(options =>
    {
        options.ScopeInfoEnabled = false;
        options.TargetInfoEnabled = false;
        options.ScrapeResponseCacheDurationMilliseconds = 0;
    }));

    private RequestDelegate? _exporter;

    /// <summary>Answers a request for the metrics.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        var scrape = new DefaultHttpContext { RequestAborted = context.RequestAborted };
        scrape.Request.Method = HttpMethods.Get;
        scrape.Request.Headers.Accept = "text/plain;version=0.0.4";
        using var body = new MemoryStream();
        scrape.Response.Body = body;
        await ScrapeAsync(scrape);
        context.Response.StatusCode = scrape.Response.StatusCode;
        context.Response.ContentType = scrape.Response.ContentType;
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body.GetBuffer().AsMemory(0, (int)body.Length), context.RequestAborted);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _metrics.Dispose();
        _services.Dispose();
        _gate.Dispose();
    }

    private async Task ScrapeAsync(HttpContext scrape)
    {
        await _gate.WaitAsync(scrape.RequestAborted);
        try
        {
            if (_metrics.Prepare())
                _exporter = ExporterOf(_metrics.Provider!);
            await _exporter!(scrape);
        }
        finally
        {
            _gate.Release();
        }
    }

    private RequestDelegate ExporterOf(MeterProvider provider) => new ApplicationBuilder(_services)
        .UseOpenTelemetryPrometheusScrapingEndpoint(provider, static _ => true, null, null, null)
        .Build();
}
