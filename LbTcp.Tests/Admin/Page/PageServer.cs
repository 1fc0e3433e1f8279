using LbTcp.Admin;
using LbTcp.Configuration;
using LbTcp.Tests.EndToEnd.Harness;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Logging.Abstractions;

namespace LbTcp.Tests.Admin.Page;

/// <summary>An admin endpoint on a port of its own, which can be stopped and started again.</summary>
internal sealed class PageServer : IAsyncDisposable
{
    private readonly ReservedPort _port = new();
    private readonly TemporaryDirectory _directory = new();
    private readonly string? _tokenFile;
    private AdminServer? _server;

    private PageServer(string? token)
    {
        if (token is not null)
            _tokenFile = _directory.Write("token", token);
    }

    public string Url => $"http://{_port.EndPoint}/";

    public static async Task<PageServer> StartAsync(Fleet fleet, string? token = null)
    {
        var server = new PageServer(token);
        await server.StartAgainAsync(fleet);
        return server;
    }

    public async Task StartAgainAsync(Fleet fleet)
    {
        Assert.True(ListenAddress.TryParse($"{_port.EndPoint}", out ListenAddress? address, out _));
        _server = new AdminServer(new AdminOptions(address, _tokenFile), TimeProvider.System, NullLoggerFactory.Instance);
        await _server.StartAsync(fleet, fleet);
    }

    public async Task StopAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        _server = null;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _port.Dispose();
        _directory.Dispose();
    }
}
