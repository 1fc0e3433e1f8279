using System.Globalization;
using System.Net;
using System.Net.Sockets;
using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Hosting.Operations;
using LbTcp.Tests.EndToEnd.Harness;
using LbTcp.Tests.Preface;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Hosting.Operations;

/// <summary>What an operator sees of a service whose backends have server names.</summary>
public sealed class ServerNameOperationsTests : IDisposable
{
    private static readonly Requester _operator = new("uid 1000", "unix");

    private readonly TestBackend[] _backends = [.. Enumerable.Range(0, 4).Select(_ => new TestBackend(Behaviours.EchoAsync))];

    public void Dispose()
    {
        foreach (TestBackend backend in _backends)
            backend.Dispose();
    }

    [Fact]
    public async Task ReadBackends_Groups_SharesAreThoseOfTheGroup()
    {
        await using OperatedProcess process = await StartAsync(
            "name=a1 server_name=a.example weight=3",
            "name=a2 server_name=a.example/b.example",
            "name=b server_name=b.example",
            "name=rest");

        BackendStatus[] backends = [.. process.View.ReadBackends("web")];
        Assert.Equal([0.75, 0.25, 0.5, 1], backends.Select(backend => backend.Share));
        Assert.Equal([["a.example"], ["a.example", "b.example"], ["b.example"], []], backends.Select(backend => backend.ServerNames));
        Assert.Equal(
            ["serves a.example", "weight 3 of 4 in all: 75 %"], process.View.ReadBackend("web", "a1")!.ShareReasons);
        Assert.Equal(
            ["serves a.example, b.example: the share is that of connections for a.example", "weight 1 of 4 in all: 25 %"],
            process.View.ReadBackend("web", "a2")!.ShareReasons);
        Assert.Equal(4, Assert.Single(process.View.ReadServices()).BackendsAvailable);
    }

    [Fact]
    public async Task ForecastPick_Groups_HasOneForEach()
    {
        await using OperatedProcess process = await StartAsync(
            "name=a1 server_name=a.example", "name=a2 server_name=a.example backup", "name=b server_name=*.b.example", "name=rest");
        _ = process.Control.SetIntent("web", "b", BackendIntent.Maint, _operator);

        IReadOnlyList<PickForecast> forecasts = process.View.ForecastPick(IPAddress.Loopback);

        Assert.Equal([("", "rest"), ("a.example", "a1"), ("*.b.example", null)],
            forecasts.Select(forecast => (string.Join(' ', forecast.ServerNames), forecast.Backend)));
        Assert.Equal(new BackendShare("a1", 1), Assert.Single(forecasts[1].Shares));
        Assert.Equal("a2 gets none: it is a backup: used while no other backend is available", forecasts[1].Reasons[1]);
        Assert.Equal("no backend is available: the client is reset", forecasts[2].Reasons[0]);
        Assert.StartsWith("b gets none: maint was set", forecasts[2].Reasons[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task ForecastPick_NoDefaultGroup_SaysWhatOtherClientsGet()
    {
        await using OperatedProcess process = await StartAsync("name=a server_name=a.example");

        IReadOnlyList<PickForecast> forecasts = process.View.ForecastPick(IPAddress.Loopback);

        Assert.Equal([null, "a"], forecasts.Select(forecast => forecast.Backend));
        Assert.Equal(["every backend has server names: a client that asks for none of them is reset"], forecasts[0].Reasons);
    }

    [Fact]
    public async Task ReadConnection_OfAServerName_SaysWhatWasAskedFor()
    {
        await using OperatedProcess process = await StartAsync("name=a server_name=a.example", "name=rest");
        Socket client = await process.ConnectAsync("web");
        byte[] hello = ClientHelloBytes.Of("a.example");
        _ = await client.SendAsync(hello);
        Assert.Equal(hello, await client.ReceiveExactlyAsync(hello.Length));

        ConnectionStatus status = Assert.Single(process.View.ReadConnections(new ConnectionFilter()));
        long id = long.Parse(status.Id, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        ConnectionDetail connection = process.View.ReadConnection(id)!;

        Assert.Equal("a", connection.Backend);
        Assert.Equal(["the client asked for a.example", "a was the only backend that was available"], connection.PickReasons);
    }

    private Task<OperatedProcess> StartAsync(params string[] backends) => OperatedProcess.StartAsync("sockets", new ServiceOptions
    {
        Name = "web",
        Listen = [new ListenAddress("127.0.0.1", 0)],
        Backends = Pools.Options(backends.Select((options, index) => $"{_backends[index].EndPoint} {options}")),
        HealthCheck = new HealthCheckOptions { Kind = CheckKind.None },
    });
}
