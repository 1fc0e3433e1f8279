using System.Text;
using LbTcp.Admin.Metrics;
using LbTcp.Hosting.Operations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NSubstitute;
using static LbTcp.Tests.Admin.Metrics.CountsScript;

namespace LbTcp.Tests.Admin.Metrics;

public sealed class OtlpExportTests : IAsyncLifetime, IAsyncDisposable
{
    private readonly List<(string Path, string? Type, string Body)> _requests = [];
    private readonly WebApplication _collector;
    private readonly OtlpExport _export;
    private HostCounts _counts = Host(Service("web", Backend("web1"), Backend("web2")));

    public OtlpExportTests()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _collector = builder.Build();
        _collector.Urls.Add("http://127.0.0.1:0");
        _collector.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body, Encoding.Latin1);
            string body = await reader.ReadToEndAsync();
            lock (_requests)
                _requests.Add((context.Request.Path, context.Request.ContentType, body));
        });
        _collector.Start();
        string address = _collector.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        _export = new OtlpExport(new Uri(address));
    }

    public Task InitializeAsync() => _export.StartAsync(View(() => _counts), Substitute.For<IHostControl>());

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        await _export.DisposeAsync();
        await _collector.DisposeAsync();
    }

    [Fact]
    public async Task Flush_Collector_GetsTheMetricsAsProtobuf()
    {
        await Task.Run(_export.Flush).Done();

        (string path, string? type, string body) = Assert.Single(_requests);
        Assert.Equal(("/v1/metrics", "application/x-protobuf"), (path, type));
        Assert.Contains("lbtcp.connect.duration", body, StringComparison.Ordinal);
        Assert.Contains("web2", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Flush_BackendHasGone_ItsSeriesEnd()
    {
        await Task.Run(_export.Flush).Done();
        _counts = Host(Service("web", Backend("web1")));

        await Until.TrueAsync(
            () =>
            {
                _export.Flush();
                lock (_requests)
                    return !_requests[^1].Body.Contains("web2", StringComparison.Ordinal);
            },
            "an export without the backend");

        Assert.Contains("web1", _requests[^1].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DisposeAsync_CountsSinceTheLastExport_AreExported()
    {
        await _export.DisposeAsync();
        Assert.Contains("web1", Assert.Single(_requests).Body, StringComparison.Ordinal);
    }
}
