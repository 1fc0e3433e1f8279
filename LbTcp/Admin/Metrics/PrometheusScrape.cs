using System.Buffers;
using System.IO.Pipelines;
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
    // Segments from a pool. One array for the text of 1,000 backends would be in the large object heap, whose growth makes the collector
    // stop all threads for a full collection at nearly every scrape.
    private static readonly PipeOptions _bodies = new(pauseWriterThreshold: 0, minimumSegmentSize: 32 * 1024);

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
        var body = new Pipe(_bodies);
        scrape.Response.Body = body.Writer.AsStream();
        try
        {
            await ScrapeAsync(scrape);
            await body.Writer.CompleteAsync();
            await AnswerAsync(context, scrape.Response, body.Reader);
        }
        finally
        {
            await body.Writer.CompleteAsync();
            await body.Reader.CompleteAsync(); // gives the memory back
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _metrics.Dispose();
        _services.Dispose();
        _gate.Dispose();
    }

    private static async Task AnswerAsync(HttpContext context, HttpResponse scrape, PipeReader body)
    {
        ReadOnlySequence<byte> text = (await body.ReadAsync(context.RequestAborted)).Buffer; // all of it
        context.Response.StatusCode = scrape.StatusCode;
        context.Response.ContentType = scrape.ContentType;
        context.Response.ContentLength = text.Length;
        foreach (ReadOnlyMemory<byte> part in text)
            await context.Response.Body.WriteAsync(part, context.RequestAborted);
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
