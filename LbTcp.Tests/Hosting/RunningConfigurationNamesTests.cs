using System.Net.Sockets;
using LbTcp.Diagnostics;
using LbTcp.Hosting;
using LbTcp.Tests.EndToEnd.Harness;

namespace LbTcp.Tests.Hosting;

/// <summary>Backends that are names, at the start and in a reload.</summary>
public sealed class RunningConfigurationNamesTests : IDisposable
{
    private readonly TestBackend _backend = new(Behaviours.EchoAsync);

    private string Backend => $"{_backend.EndPoint}";

    public void Dispose() => _backend.Dispose();

    [Fact]
    public async Task ApplyAsync_NoBackendWouldBeResolved_IsRefusedAndNamesTheNames()
    {
        await using RunningProcess process = await RunningProcess.StartAsync(
            "sockets", RunningProcess.Service("a", ["127.0.0.1"], Backend));

        string refusal = await process.RefuseAsync(
            RunningProcess.Options(RunningProcess.Service("a", ["127.0.0.1"], "x.invalid:1", "y.invalid:2")));
        string afterOthers = await process.RefuseAsync(
            RunningProcess.Options(RunningProcess.Service("a", ["127.0.0.1"], "x.invalid:1")));

        Assert.Equal("The names x.invalid, y.invalid have no answer; the service a would have no backend left.", refusal);
        Assert.Equal("The name x.invalid has no answer; the service a would have no backend left.", afterOthers);
        await RunningProcess.AssertEchoesAsync(await process.ConnectAsync("127.0.0.1"));
        _ = await process.ApplyAsync(RunningProcess.Service("a", ["127.0.0.1"], "x.invalid:1", Backend));
    }

    [Fact]
    public async Task ApplyAsync_ServiceHadNoResolvedBackend_MayHaveNone()
    {
        await using RunningProcess process = await RunningProcess.StartAsync(
            "sockets", RunningProcess.Service("a", ["127.0.0.1"], "x.invalid:1"));

        HostPlan plan = await process.ApplyAsync(
            RunningProcess.Service("a", ["127.0.0.1"], "y.invalid:1"),
            RunningProcess.Service("b", ["127.0.0.2"], "z.invalid:1"));

        Assert.Equal([ServiceChangeKind.Changed, ServiceChangeKind.Added], plan.Services.Select(service => service.Kind));
    }

    [Fact]
    public async Task Listening_NameStandsForSeveralBackends_TellsWhatIsInForce()
    {
        await using RunningProcess process = await RunningProcess.StartAsync(
            "sockets", RunningProcess.Service("a", ["127.0.0.1"], "localhost:1 resolve=all", Backend));

        JsonLogRecord listening = Assert.Single(process.Records(EventIds.Listening, 1));

        Assert.Equal(Socket.OSSupportsIPv6 ? "3" : "2", listening["backends"]);
        Assert.Equal($"{process.Limits.Checks.Probes}", listening["max_checks"]);
    }
}
