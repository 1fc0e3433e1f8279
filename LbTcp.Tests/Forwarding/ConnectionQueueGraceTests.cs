using LbTcp.Backends;
using LbTcp.Balancing;
using LbTcp.Configuration;
using LbTcp.Diagnostics;
using LbTcp.Forwarding;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Forwarding;

/// <summary>The queue when it is disabled: a client waits for a slot that is about to be released, and no longer.</summary>
public sealed class ConnectionQueueGraceTests : ConnectionQueueScenario
{
    private readonly ConnectionQueue _queue;

    public ConnectionQueueGraceTests()
    {
        ForwardingOptions options = Options with { MaxQueue = 0 };
        _queue = new ConnectionQueue(TestBackends.Pool(1).BalancedBy(new RoundRobinPolicy()).Balancer, new(options), Clock);
    }

    [Fact]
    public async Task AcquireAsync_TheSlotIsReleasedWithinTheGrace_GetsItAndWasNotQueued()
    {
        ActiveConnection holder = Connection();
        _ = await _queue.AcquireAsync(holder);
        ActiveConnection next = Connection();
        Task<BackendLease?> taking = _queue.AcquireAsync(next).AsTask();
        Clock.Advance(TimeSpan.FromMilliseconds(19));
        Assert.False(taking.IsCompleted);

        _queue.Release(holder.Dial.Lease);

        Assert.NotNull(await taking.Done());
        Assert.Null(next.ToRecord().Queue);
        Assert.False(next.IsDecided);
    }

    [Fact]
    public async Task AcquireAsync_NoSlotIsReleased_IsRefusedAfterTheGrace()
    {
        _ = await _queue.AcquireAsync(Connection());
        ActiveConnection next = Connection();
        Task<BackendLease?> taking = _queue.AcquireAsync(next).AsTask();

        Clock.Advance(TimeSpan.FromMilliseconds(20));

        Assert.Null(await taking.Done());
        Assert.Equal((ConnectionEndReason.QueueFull, null), (next.ToRecord().Reason, next.ToRecord().Queue));
        Assert.Equal(0, _queue.Length);
    }

    [Fact]
    public async Task AcquireAsync_ManyInGrace_TheNextIsRefusedAtOnce()
    {
        _ = await _queue.AcquireAsync(Connection());
        for (int i = 0; i < 128; i++)
            Assert.False(_queue.AcquireAsync(Connection()).IsCompleted);
        ActiveConnection last = Connection();

        Assert.Null(await _queue.AcquireAsync(last).AsTask().Done());

        Assert.Equal(ConnectionEndReason.QueueFull, last.ToRecord().Reason);
        Assert.Equal(128, _queue.Length);
    }
}
