using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using LbTcp.Admin;
using LbTcp.Configuration;
using LbTcp.Diagnostics;
using LbTcp.Hosting.Operations;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Logging;
using NSubstitute;

namespace LbTcp.Tests.Admin;

/// <summary>A running admin endpoint before doubles of a process, and a client.</summary>
internal sealed class AdminFixture : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly AdminServer _server;
    private readonly SocketsHttpHandler _handler;

    private AdminFixture(string? token, bool isUnix, Func<AdminOptions, AdminOptions> with)
    {
        TokenFile = token is null ? null : _directory.Write("token", token);
        string address = isUnix ? $"unix:{_directory["admin.sock"]}" : "127.0.0.1:0";
        Assert.True(AdminAccess.TryParseAddress(address, out ListenAddress? parsed, out _));
        ILoggerFactory loggers = Substitute.For<ILoggerFactory>();
        loggers.CreateLogger(Arg.Any<string>()).Returns(Log);
        _server = new AdminServer(with(new AdminOptions(parsed, TokenFile)), TimeProvider.System, loggers);
        View.Events.Returns(Events);
        View.ReadProcess().Returns(SampleStates.Process);
        View.ReadServices().Returns([SampleStates.Service("web"), SampleStates.Service("mail")]);
        View.ReadBackends(null).Returns([SampleStates.Backend("web", "web1"), SampleStates.Backend("mail", "mail1")]);
        View.ReadBackends("web").Returns([SampleStates.Backend("web", "web1")]);
        View.ReadBackend(default!, default!).ReturnsForAnyArgs((BackendDetail?)null);
        View.ReadConnection(default).ReturnsForAnyArgs((ConnectionDetail?)null);
        View.ReadConnections(default!).ReturnsForAnyArgs([]);
        View.ReadHistory(default).ReturnsForAnyArgs((IReadOnlyList<HistoryPoint>?)null);
        View.VerifyAliveAsync(default).ReturnsForAnyArgs(new LivenessReport(true, []));
        _handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, end) => new NetworkStream(await ConnectAsync(end), ownsSocket: true),
        };
        Client = new HttpClient(_handler) { BaseAddress = new Uri("http://localhost/api/v1/"), Timeout = Until.Patience };
    }

    public IHostView View { get; } = Substitute.For<IHostView>();

    public IHostControl Control { get; } = Substitute.For<IHostControl>();

    public EventLog Events { get; } = new(capacity: 10);

    public LogRecorder<AdminServer> Log { get; } = new();

    public HttpClient Client { get; }

    public string? TokenFile { get; }

    public EndPoint Address => _server.LocalEndPoint!;

    public static async Task<AdminFixture> StartAsync(
        string? token = null, bool isUnix = false, Func<AdminOptions, AdminOptions>? with = null)
    {
        var fixture = new AdminFixture(token, isUnix, with ?? (options => options));
        await fixture._server.StartAsync(fixture.View, fixture.Control);
        return fixture;
    }

    /// <summary>Opens a plain connection.</summary>
    public async Task<Socket> ConnectAsync(CancellationToken cancellationToken = default)
    {
        var socket = new Socket(Address.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(Address, cancellationToken);
        return socket;
    }

    /// <summary>Sends bytes, and reads all that comes until the server closes the connection.</summary>
    public async Task<string> SendRawAsync(string request)
    {
        using Socket socket = await ConnectAsync();
        using var stream = new NetworkStream(socket);
        try
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
            using var reader = new StreamReader(stream, Encoding.Latin1);
            return await reader.ReadToEndAsync().Done();
        }
        catch (IOException)
        {
            return ""; // reset
        }
    }

    /// <summary>Requests a resource of the API.</summary>
    public async Task<(HttpStatusCode Status, JsonNode Body)> GetAsync(string path) => await ReadAsync(await Client.GetAsync(path));

    /// <summary>Requests a change.</summary>
    public async Task<(HttpStatusCode Status, JsonNode Body)> PostAsync(string path, string json, string? origin = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(json, Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
        };
        if (origin is not null)
            request.Headers.Add("Origin", origin);
        return await ReadAsync(await Client.SendAsync(request));
    }

    /// <summary>Stops the endpoint as the process does.</summary>
    public ValueTask StopAsync() => _server.DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        _handler.Dispose();
        await _server.DisposeAsync();
        _directory.Dispose();
    }

    private static async Task<(HttpStatusCode Status, JsonNode Body)> ReadAsync(HttpResponseMessage response)
    {
        using (response)
            return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }
}
