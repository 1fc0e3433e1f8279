using CsCheck;
using LbTcp.Configuration;
using LbTcp.Diagnostics;
using LbTcp.Health;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Forwarding;

/// <summary>Dials that run beside each other: answers, refusals, time, backends that go down and clients that leave in any order.</summary>
public sealed class HedgePropertyTests
{
    private enum Kind
    {
        Answers,
        Refuses,
        TimePasses,
        GoesDown,
        ComesBack,
        Connects,
        Leaves,
        Sweeps,
    }

    private static readonly Gen<(Kind Kind, int Which, int Milliseconds)> _step =
        Gen.Select(Gen.Enum<Kind>(), Gen.Int[0, 20], Gen.Int[1, 300]);

    [Fact]
    public void AnyOrder_OneBackendWinsAndEverySlotComesBack() =>
        Gen.Select(_step.Array[1, 60], Gen.Int[0, 3]).Sample(
            (steps, retries) => PlayAsync(steps, retries).GetAwaiter().GetResult(), iter: 500, threads: 1);

    private static async Task PlayAsync((Kind Kind, int Which, int Milliseconds)[] steps, int retries)
    {
        var fixture = new HandlerFixture(new ForwardingOptions { Retries = retries });
        List<ScriptedDial>[] scripted = [fixture.Scripted(1), fixture.Scripted(2), fixture.Scripted(3)];
        List<(InMemoryConnection Client, Task Handling)> clients = [fixture.Connect()];
        List<ScriptedDial> answered = [];
        foreach ((Kind kind, int which, int milliseconds) in steps)
        {
            string backend = $"10.0.0.{(which % 3) + 1}:80";
            List<ScriptedDial> pending = [.. scripted.SelectMany(dials => dials).Where(dial => !dial.IsOver)];
            ScriptedDial? dial = pending.Count > 0 ? pending[which % pending.Count] : null;
            switch (kind)
            {
                case Kind.Answers when dial?.Answer() is true:
                    answered.Add(dial);
                    break;
                case Kind.Refuses:
                    _ = dial?.Refuse();
                    break;
                case Kind.TimePasses:
                    fixture.Clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
                    fixture.Failover.Hedges.Check();
                    break;
                case Kind.GoesDown:
                    _ = fixture.Pool.MarkUnhealthy(backend);
                    fixture.Failover.Hedges.Check();
                    break;
                case Kind.ComesBack:
                    _ = fixture.Pool.MarkHealthy(backend);
                    break;
                case Kind.Connects when clients.Count < 5:
                    clients.Add(fixture.Connect());
                    break;
                case Kind.Leaves:
                    clients[which % clients.Count].Client.Abort();
                    break;
                case Kind.Sweeps:
                    fixture.Connections.Sweep();
                    break;
            }
        }

        // Everybody leaves; what nobody has answered is cancelled.
        foreach ((InMemoryConnection client, _) in clients)
            client.Abort();
        fixture.Connections.Sweep();
        await Task.WhenAll(clients.Select(served => served.Handling)).Done();

        ConnectionEndRecord[] records = [.. fixture.Logs.States<ConnectionEndRecord>()];
        Assert.Equal(clients.Count, records.Length);
        Assert.True(records.Count(record => record.Backend is not null) <= answered.Count);
        Assert.All(records, record => Assert.Equal(record.FailedAttempts.DistinctBy(attempt => attempt.Backend), record.FailedAttempts));
        Assert.All(records, record => Assert.DoesNotContain(record.FailedAttempts, attempt => attempt.Backend == record.Backend));
        Assert.All(scripted.SelectMany(dials => dials), dial => Assert.True(dial.IsOver));
        Assert.All(answered, dial => Assert.True(dial.Connection.IsDisposed));
        Assert.All(fixture.Pool.GetAllBackends(), backend => Assert.Equal((0, 0), (backend.BusyConnections, backend.OpenConnections)));
    }

    [Fact]
    public void EveryBackendIsSlow_NoneIsEjected() =>
        Gen.Select(Gen.Int[250, 2000], Gen.Int[0, 200].Array[1, 12], Gen.Int[1, 400]).Sample(
            (delay, jitter, pause) => PlaySlowAsync([.. jitter.Select(more => delay + more)], pause).GetAwaiter().GetResult(),
            iter: 200,
            threads: 1);

    // Every dial takes at least as long as a backend may be silent, as with a slow link of this machine.
    private static async Task PlaySlowAsync(int[] delays, int pause)
    {
        PoolHealth? health = null;
        var fixture = new HandlerFixture(tracker: (pool, clock) => health = new PoolHealth(
            pool, new(new HealthCheckOptions()), new(new PassiveHealthOptions { Fall = 1 }), clock, new LogRecorder<PoolHealth>()));
        List<ScriptedDial>[] scripted = [fixture.Scripted(1), fixture.Scripted(2), fixture.Scripted(3)];
        List<(InMemoryConnection Client, Task Handling)> clients = [];
        var due = new Dictionary<ScriptedDial, TimeSpan>();
        TimeSpan now = TimeSpan.Zero;
        foreach (int delay in delays)
        {
            clients.Add(fixture.Connect());
            for (int elapsed = 0; elapsed < pause; elapsed += 10)
            {
                foreach (ScriptedDial dial in scripted.SelectMany(dials => dials).Where(dial => !dial.IsOver).ToArray())
                {
                    if (!due.TryAdd(dial, now + TimeSpan.FromMilliseconds(delay)) && due[dial] <= now)
                        _ = dial.Answer();
                }

                now += TimeSpan.FromMilliseconds(10);
                fixture.Clock.Advance(TimeSpan.FromMilliseconds(10));
                fixture.Failover.Hedges.Check();
                health!.Decide();
            }
        }

        Assert.All(fixture.Pool.GetAllBackends(), backend => Assert.True(backend.IsHealthy));
        foreach ((InMemoryConnection client, _) in clients)
            client.Abort();
        fixture.Connections.Sweep();
        await Task.WhenAll(clients.Select(served => served.Handling)).Done();
    }
}
