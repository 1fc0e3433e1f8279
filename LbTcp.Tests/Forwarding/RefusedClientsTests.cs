using LbTcp.Diagnostics;
using LbTcp.Forwarding;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Forwarding;

/// <summary>Clients that are not admitted, and what is reported of them.</summary>
public sealed class RefusedClientsTests
{
    [Fact]
    public async Task HandleAsync_RuleRefuses_ResetsBeforeADialAndWithoutAnEndRecord()
    {
        HandlerFixture fixture = Fixture("deny 192.0.2.0/24");
        _ = fixture.Serves(1);

        (InMemoryConnection client, Task handling) = fixture.Connect();
        await handling.Done();

        Assert.True(client.IsReset);
        Assert.Empty(fixture.Dials);
        Assert.Empty(fixture.Logs.Records);
        Assert.Equal(1, fixture.Traffic.ReadEndedWithoutBackend()[(int)ConnectionEndReason.AccessDenied]);
        Assert.Equal(0, fixture.Connections.Count);
    }

    [Fact]
    public async Task HandleAsync_RuleAdmits_ServesTheClient()
    {
        HandlerFixture fixture = Fixture("allow 192.0.2.1", "deny all");
        (_, InMemoryConnection peer) = fixture.Serves(1);

        (InMemoryConnection client, Task handling) = fixture.Connect();
        await client.Output.CompleteAsync();
        await peer.Output.CompleteAsync();
        await handling.Done();

        Assert.Equal(ConnectionEndReason.Completed, fixture.Record.Reason);
        fixture.RefusedClients.Report();
        Assert.Empty(fixture.RefusedLogs.Records);
    }

    [Fact]
    public async Task Report_ManyRefused_IsOneRecordWithCountAndRule()
    {
        HandlerFixture fixture = Fixture("# strangers", "deny 192.0.2.0/24");
        for (int i = 0; i < 3; i++)
            await fixture.Connect().Handling.Done();

        fixture.RefusedClients.Report();
        fixture.RefusedClients.Report();

        LogRecord record = fixture.RefusedLogs.Single(EventIds.ClientRefused);
        Assert.Matches(@"^clients refused reason=AccessDenied client=192\.0\.2\.1:50000 rule=access\.txt:2 count=3$", record.Message);
    }

    [Fact]
    public async Task Report_AgainLater_CountsFromTheLastOne()
    {
        HandlerFixture fixture = Fixture("allow 10.0.0.0/8");
        await fixture.Connect().Handling.Done();
        fixture.RefusedClients.Report();
        await fixture.Connect().Handling.Done();
        await fixture.Connect().Handling.Done();
        await fixture.RefusedClients.FinishAsync();

        Assert.Equal(["1", "2"], fixture.RefusedLogs.Of(EventIds.ClientRefused).Select(record => record.Message[^1..]));
        Assert.All(fixture.RefusedLogs.Records, record => Assert.Contains("rule=none ", record.Message, StringComparison.Ordinal));
    }

    // The reason is rare and tells of a peer that is to be repaired, so it has its end record as well.
    [Fact]
    public async Task HandleAsync_RefusedForWhatItSent_HasAnEndRecordAndIsReported()
    {
        var fixture = new HandlerFixture(stages: new ConnectionStages(ProxyHeader: new Refusing(ConnectionEndReason.ProxyHeaderInvalid)));
        await fixture.Connect().Handling.Done();

        fixture.RefusedClients.Report();

        Assert.Equal(ConnectionEndReason.ProxyHeaderInvalid, fixture.Record.Reason);
        Assert.Contains("reason=ProxyHeaderInvalid", fixture.RefusedLogs.Single(EventIds.ClientRefused).Message, StringComparison.Ordinal);
    }

    private static HandlerFixture Fixture(params string[] rules)
    {
        var access = Access.Control(Access.File(rules));
        return new HandlerFixture(stages: new ConnectionStages(Admission: new AdmissionStage(access)), access: access);
    }

    private sealed class Refusing(ConnectionEndReason reason) : IConnectionStage
    {
        public TimeSpan Timeout => TimeSpan.FromSeconds(1);

        public ValueTask<bool> RunAsync(ActiveConnection connection, CancellationToken cancellationToken)
        {
            connection.Decide(reason);
            return ValueTask.FromResult(false);
        }
    }
}
