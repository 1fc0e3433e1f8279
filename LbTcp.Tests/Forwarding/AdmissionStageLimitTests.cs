using System.Net;
using LbTcp.Admission;
using LbTcp.Configuration;
using LbTcp.Diagnostics;
using LbTcp.Forwarding;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Forwarding;

/// <summary>Limits per source at their place in the way of a connection.</summary>
public sealed class AdmissionStageLimitTests
{
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(5);

    private readonly HandlerFixture _fixture =
        new(new ForwardingOptions { Retries = 0, ConnectTimeout = TimeSpan.FromMinutes(1) });
    private readonly AccessControl _access = Access.Control(new AdmissionOptions { Deny = Access.Networks("203.0.113.0/24") });
    private readonly SourceLimits _limits;
    private readonly AdmissionQueue _queue;

    public AdmissionStageLimitTests()
    {
        var options = new CurrentServiceOptions(new ServiceOptions
        {
            Backends = [],
            Admission = new AdmissionOptions { MaxConnectionsPerSource = 1, OverLimit = OverLimit.Wait },
        });
        _limits = new SourceLimits(options, _fixture.Clock);
        _queue = new AdmissionQueue(_limits, _fixture.Clock);
        _fixture.Stages.Replace(new ConnectionStages(Admission: new AdmissionStage(_access, _queue, _timeout)));
    }

    private IEnumerable<ConnectionEndReason> Reasons =>
        _fixture.Logs.States<ConnectionEndRecord>().Select(record => record.Reason);

    [Fact]
    public async Task HandleAsync_OverTheLimit_WaitsUntilAnotherOneOfItsSourceHasEnded()
    {
        List<ScriptedDial> dials = _fixture.Scripted(1);
        (InMemoryConnection first, Task served) = _fixture.Connect();
        (InMemoryConnection second, Task waiting) = _fixture.Connect();
        Assert.Equal((1, 1), (dials.Count, _queue.Length));

        first.Abort();
        _fixture.Pass(TimeSpan.Zero);
        await served.Done();
        await Until.TrueAsync(() => dials.Count == 2, "the second client is served");
        second.Abort();
        _fixture.Pass(TimeSpan.Zero);
        await waiting.Done();

        Assert.Equal([ConnectionEndReason.ClientReset, ConnectionEndReason.ClientReset], Reasons);
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task HandleAsync_TimeIsUp_ResetsTheClientForTheLimit()
    {
        _ = _fixture.Scripted(1);
        (InMemoryConnection first, Task served) = _fixture.Connect();
        (InMemoryConnection second, Task waiting) = _fixture.Connect();

        _fixture.Pass(_timeout - TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, _queue.Length);
        _fixture.Pass(TimeSpan.FromMilliseconds(1));
        await waiting.Done();

        Assert.True(second.IsReset);
        Assert.Equal(1, _fixture.Traffic.ReadEndedWithoutBackend()[(int)ConnectionEndReason.SourceLimit]);
        first.Abort();
        _fixture.Pass(TimeSpan.Zero);
        await served.Done();
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task HandleAsync_ClientLeavesWhileItWaits_LeavesTheQueue()
    {
        _ = _fixture.Scripted(1);
        (InMemoryConnection first, Task served) = _fixture.Connect();
        (InMemoryConnection second, Task waiting) = _fixture.Connect();

        second.Abort();
        _fixture.Pass(TimeSpan.Zero);
        await waiting.Done();

        Assert.Equal([ConnectionEndReason.ClientReset], Reasons);
        Assert.Equal(0, _queue.Length);
        first.Abort();
        _fixture.Pass(TimeSpan.Zero);
        await served.Done();
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task HandleAsync_DrainEndsWhileItWaits_EndsWithIt()
    {
        _ = _fixture.Scripted(1);
        (_, Task served) = _fixture.Connect();
        (_, Task waiting) = _fixture.Connect();

        _ = _fixture.Connections.EndAll(ConnectionEndReason.DrainTimeout);
        await Task.WhenAll(served, waiting).Done();

        Assert.Equal([ConnectionEndReason.DrainTimeout, ConnectionEndReason.DrainTimeout], Reasons);
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task HandleAsync_RulesRefuseTheClient_IsNotCounted()
    {
        _fixture.Stages.Replace(new ConnectionStages(
            ProxyHeader: new ProxyStage(() => new IPEndPoint(IPAddress.Parse("203.0.113.1"), 1)),
            Admission: new AdmissionStage(_access, _queue, _timeout)));

        (InMemoryConnection client, Task refused) = _fixture.Connect();
        await refused.Done();

        Assert.True(client.IsReset);
        Assert.Equal(1, _fixture.Traffic.ReadEndedWithoutBackend()[(int)ConnectionEndReason.AccessDenied]);
        AssertNothingIsLeft();
    }

    // The source of a PROXY header, not the proxy.
    [Fact]
    public async Task HandleAsync_ProxyHeaderNamesTheSource_CountsByIt()
    {
        int clients = 0;
        _fixture.Stages.Replace(new ConnectionStages(
            ProxyHeader: new ProxyStage(() => new IPEndPoint(IPAddress.Parse($"192.0.2.{++clients}"), 1)),
            Admission: new AdmissionStage(_access, _queue, _timeout)));
        List<ScriptedDial> dials = _fixture.Scripted(1);

        (_, Task first) = _fixture.Connect();
        (_, Task second) = _fixture.Connect();

        Assert.Equal((2, 2, 0), (dials.Count, _limits.Sources, _queue.Length));
        _ = _fixture.Connections.EndAll(ConnectionEndReason.DrainTimeout);
        await Task.WhenAll(first, second).Done();
        AssertNothingIsLeft();
    }

    private void AssertNothingIsLeft()
    {
        Assert.Equal((0, 0, 0), (_limits.Sources, _queue.Length, _fixture.Connections.Count));
        Assert.Empty(_fixture.Logs.Of(EventIds.ConnectionFault));
    }

    private sealed class ProxyStage(Func<EndPoint> source) : IConnectionStage
    {
        public TimeSpan Timeout => _timeout;

        public ValueTask<bool> RunAsync(ActiveConnection connection, CancellationToken cancellationToken)
        {
            connection.NeedPreface().Source = source();
            return ValueTask.FromResult(true);
        }
    }
}
