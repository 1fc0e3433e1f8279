using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.EndToEnd.Harness;

/// <summary>The admin endpoint of a program, at a unix socket, which is reached from every network.</summary>
internal sealed class AdminSocket : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly HttpClient _client;

    /// <summary>Creates the endpoint.</summary>
    /// <param name="token">The token that requests carry; null for none.</param>
    public AdminSocket(string? token = null)
    {
        _client = new HttpClient(new SocketsHttpHandler { ConnectCallback = async (_, end) => await ConnectAsync(end) })
        {
            BaseAddress = new Uri("http://localhost"),
            Timeout = Until.Patience,
        };
        if (token is not null)
            _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        _client.DefaultRequestHeaders.ConnectionClose = true; // no connection is left at the end of a test
    }

    /// <summary>The flags of a program that has it.</summary>
    public string[] Flags => ["--admin", $"unix:{Path}"];

    private string Path => _directory["admin.sock"];

    /// <summary>What the endpoint answers.</summary>
    /// <param name="path">The path, without a leading slash.</param>
    public Task<string> GetAsync(string path) => _client.GetStringAsync(path);

    /// <summary>How many hedges of the only service had an outcome, one of the values of the label.</summary>
    public async Task<int> CountHedgesAsync(string outcome)
    {
        string series = $"lbtcp_hedges_total{{outcome=\"{outcome}\",service=\"default\"}} ";
        string metrics = await GetAsync("metrics");
        string line = Assert.Single(metrics.Split('\n'), line => line.StartsWith(series, StringComparison.Ordinal));
        return int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
    }

    /// <summary>Waits until so many of the latest checks of a backend of the only service have a text in their results.</summary>
    public Task ChecksAsync(string backend, string text, int count)
    {
        string path = $"api/v1/backends/default/{Uri.EscapeDataString(backend)}";
        return Until.TrueAsync(async () => (await GetAsync(path)).Split(text).Length > count, () => $"{count} checks: {text}");
    }

    public void Dispose()
    {
        _client.Dispose();
        _directory.Dispose();
    }

    private async Task<Stream> ConnectAsync(CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path), cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
