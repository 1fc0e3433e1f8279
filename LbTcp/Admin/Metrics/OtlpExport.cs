using LbTcp.Hosting.Operations;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;

namespace LbTcp.Admin.Metrics;

/// <summary>
/// Sends the metrics to an OpenTelemetry collector, with or without an admin endpoint. A collector that does not answer costs a thread of
/// its own some time, and nothing else.
/// </summary>
/// <param name="endpoint">The address of the collector.</param>
internal sealed class OtlpExport(Uri endpoint) : IHostCompanion
{
    private const int FinalExportMilliseconds = 2000;

    private readonly Lock _gate = new();
    private HostMetrics? _metrics;
    private bool _isDisposed;

    /// <inheritdoc/>
    public Task StartAsync(IHostView view, IHostControl control)
    {
        _metrics = new HostMetrics(view, builder => builder.AddOtlpExporter(Configure));
        _metrics.Outgrown += () => Task.Run(Prepare); // not on this thread, which belongs to the provider
        Prepare();
        return Task.CompletedTask;
    }

    /// <summary>Exports now.</summary>
    public void Flush()
    {
        lock (_gate)
            _metrics?.Provider?.ForceFlush();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await Task.Run(() =>
    {
        lock (_gate)
        {
            _isDisposed = true;
            _metrics?.Provider?.Shutdown(FinalExportMilliseconds); // a silent collector must not delay the end of the process
            _metrics?.Dispose();
        }
    });

    private void Prepare()
    {
        lock (_gate)
        {
            if (!_isDisposed)
                _metrics!.Prepare();
        }
    }

    // The environment variables OTEL_EXPORTER_OTLP_* were read before; the address of the setting takes precedence.
    private void Configure(OtlpExporterOptions options)
    {
        if (Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_PROTOCOL") is null)
            options.Protocol = OtlpExportProtocol.HttpProtobuf;
        options.Endpoint = options.Protocol is OtlpExportProtocol.HttpProtobuf && endpoint.AbsolutePath == "/"
            ? new Uri(endpoint, "v1/metrics")
            : endpoint;
    }
}
