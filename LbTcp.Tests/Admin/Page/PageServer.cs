using LbTcp.Tests.EndToEnd.Harness;

namespace LbTcp.Tests.Admin.Page;

/// <summary>An admin endpoint on a port of its own, which can be stopped and started again.</summary>
internal sealed class PageServer : IAsyncDisposable
{
    private readonly ReservedPort _port = new();
    private readonly string? _token;
    private StandIn? _server;

    private PageServer(string? token) => _token = token;

    public string Url => $"http://{_port.EndPoint}/";

    public static async Task<PageServer> StartAsync(Fleet fleet, string? token = null)
    {
        var server = new PageServer(token);
        await server.StartAgainAsync(fleet);
        return server;
    }

    public async Task StartAgainAsync(Fleet fleet)
    {
        _server = new StandIn(_port.EndPoint.Port, _token);
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
    }
}
