using LbTcp.Admission;
using LbTcp.Configuration;
using LbTcp.Diagnostics;

namespace LbTcp.Tests.Admission;

/// <summary>Clients over a limit that wait.</summary>
public sealed class AdmissionQueueTests : AdmissionScenario
{
    private static readonly AdmissionOptions _one = new() { MaxConnectionsPerSource = 1, OverLimit = OverLimit.Wait };

    private static readonly AdmissionOptions _ten =
        new() { ConnectionRatePerSource = PerSecond(10), ConnectionBurstPerSource = 1, OverLimit = OverLimit.Wait };

    private static readonly AdmissionOptions _shared =
        new() { ConnectionRate = PerSecond(10), ConnectionBurst = 1, OverLimit = OverLimit.Wait };

    [Fact]
    public async Task SourceLimit_OneEnds_ServesTheNextOfItsSourceInOrder()
    {
        Reload(_one);
        SourceConnections? open = Admitted("192.0.2.1");
        SourceConnections? other = Admitted("192.0.2.2");
        Task<AdmissionResult>[] waiting = [Admit("192.0.2.1"), Admit("192.0.2.1"), Admit("192.0.2.2")];
        Assert.Equal(3, Queue.Length);
        Assert.Equal(Timeout.InfiniteTimeSpan, Queue.Tick);

        open!.Dispose();
        AdmissionResult served = await waiting[0].Done();
        Assert.True(served.IsAdmitted);
        Assert.Equal(2, Queue.Length);
        served.Taken!.Dispose();
        (await waiting[1].Done()).Taken!.Dispose();
        other!.Dispose();
        (await waiting[2].Done()).Taken!.Dispose();

        Assert.Equal((0, 0), (Queue.Length, Limits.Sources));
    }

    [Fact]
    public async Task SourceLimit_TheWaitIsEnded_IsRefusedAndLeavesTheQueue()
    {
        Reload(_one);
        SourceConnections? open = Admitted("192.0.2.1");
        using var leaving = new CancellationTokenSource();
        Task<AdmissionResult> first = Admit("192.0.2.1", leaving.Token);
        Task<AdmissionResult> second = Admit("192.0.2.1");

        await leaving.CancelAsync();
        Assert.Equal(ConnectionEndReason.SourceLimit, (await first.Done()).Refusal);
        Assert.Equal(1, Queue.Length);
        open!.Dispose();

        (await second.Done()).Taken!.Dispose();
        Assert.Equal((0, 0), (Queue.Length, Limits.Sources));
    }

    [Fact]
    public async Task WaitAsync_EndedBefore_DoesNotWait()
    {
        Reload(_one);
        _ = Admitted("192.0.2.1");

        AdmissionResult result = await Admit("192.0.2.1", new CancellationToken(canceled: true)).Done();

        Assert.Equal(ConnectionEndReason.SourceLimit, result.Refusal);
        Assert.Equal(0, Queue.Length);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task MaxQueue_MoreClients_AreRefused(int maxQueue)
    {
        Reload(_one, maxQueue);
        _ = Admitted("192.0.2.1");
        Task<AdmissionResult>[] clients = [.. Enumerable.Range(0, 3).Select(_ => Admit("192.0.2.1"))];

        Assert.All(clients[..maxQueue], client => Assert.False(client.IsCompleted));
        foreach (Task<AdmissionResult> client in clients[maxQueue..])
            Assert.Equal(ConnectionEndReason.SourceLimit, (await client.Done()).Refusal);
        Assert.Equal(maxQueue, Queue.Length);
    }

    [Fact]
    public async Task RatePerSource_TimePasses_ServesOneAfterTheOther()
    {
        Reload(_ten);
        _ = Admitted("192.0.2.1");
        Task<AdmissionResult>[] waiting = [Admit("192.0.2.1"), Admit("192.0.2.1")];
        Assert.Equal(TimeSpan.FromMilliseconds(100), Queue.Tick);
        Assert.Equal(1, TicksShortened);

        Pass(TimeSpan.FromMilliseconds(99));
        Assert.Equal(2, Queue.Length);
        Pass(TimeSpan.FromMilliseconds(1));
        Assert.True((await waiting[0].Done()).IsAdmitted);
        Assert.Equal(1, Queue.Length);
        Assert.Equal(TimeSpan.FromMilliseconds(100), Queue.Tick);
        Pass(TimeSpan.FromMilliseconds(100));
        Assert.True((await waiting[1].Done()).IsAdmitted);

        Assert.Equal(Timeout.InfiniteTimeSpan, Queue.Tick);
    }

    [Fact]
    public async Task RatePerSource_ALaterClientComesWhenItIsDue_DoesNotOvertake()
    {
        Reload(_ten);
        _ = Admitted("192.0.2.1");
        Task<AdmissionResult> first = Admit("192.0.2.1");
        Clock.Advance(TimeSpan.FromMilliseconds(100)); // the tick is late

        Task<AdmissionResult> second = Admit("192.0.2.1");

        Assert.True((await first.Done()).IsAdmitted);
        Assert.Equal(1, Queue.Length);
        Assert.False(second.IsCompleted);
    }

    [Fact]
    public async Task RateOfTheService_SourcesTakeTurnsAndNewcomersDoNotOvertake()
    {
        Reload(_shared);
        _ = Admitted("192.0.2.1");
        Task<AdmissionResult>[] waiting = [Admit("192.0.2.1"), Admit("192.0.2.1"), Admit("192.0.2.2"), Admit(null)];
        Clock.Advance(TimeSpan.FromMilliseconds(100)); // the tick is late
        Task<AdmissionResult> newcomer = Admit("192.0.2.3");
        Assert.Equal(5, Queue.Length);

        foreach (Task<AdmissionResult> next in (Task<AdmissionResult>[])[waiting[0], waiting[2], waiting[3], newcomer, waiting[1]])
        {
            Queue.ServeDue();
            Assert.True((await next.Done()).IsAdmitted);
            Clock.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.Equal(0, Queue.Length);
    }

    [Fact]
    public async Task Tick_SeveralAreDue_ServesAllOfThem()
    {
        Reload(_shared with { ConnectionBurst = 10 });
        for (int i = 0; i < 10; i++)
            _ = Admitted("192.0.2.1");
        Task<AdmissionResult>[] waiting = [.. Enumerable.Range(0, 10).Select(i => Admit($"192.0.2.{i % 2}"))];

        Pass(TimeSpan.FromSeconds(1));

        foreach (Task<AdmissionResult> client in waiting)
            Assert.True((await client.Done()).IsAdmitted);
    }

    // Its place at the source comes free, but then the rate refuses it.
    [Fact]
    public async Task TwoLimits_OneEndsWhileTheRateRefuses_WaitsForTheRate()
    {
        Reload(_one with { ConnectionRatePerSource = PerSecond(1) });
        SourceConnections? open = Admitted("192.0.2.1");
        Task<AdmissionResult> waiting = Admit("192.0.2.1");
        Assert.Equal(Timeout.InfiniteTimeSpan, Queue.Tick);

        open!.Dispose();
        Assert.Equal(TimeSpan.FromSeconds(1), Queue.Tick);
        Assert.Equal(1, TicksShortened);
        Pass(TimeSpan.FromSeconds(1));

        Assert.True((await waiting.Done()).IsAdmitted);
    }

    [Fact]
    public async Task Reload_HigherOrNoLimit_ServesThoseThatWait()
    {
        Reload(_one);
        _ = Admitted("192.0.2.1");
        Task<AdmissionResult>[] waiting = [.. Enumerable.Range(0, 3).Select(_ => Admit("192.0.2.1"))];

        Reload(_one with { MaxConnectionsPerSource = 2 });
        Assert.Equal(TimeSpan.FromMilliseconds(1), Queue.Tick);
        Queue.ServeDue();
        Assert.True((await waiting[0].Done()).IsAdmitted);
        Assert.Equal(2, Queue.Length);
        Reload(new AdmissionOptions());
        Queue.ServeDue();

        Assert.True((await waiting[1].Done()).IsAdmitted);
        Assert.True((await waiting[2].Done()).IsAdmitted);
    }
}
