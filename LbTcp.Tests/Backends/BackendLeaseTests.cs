using LbTcp.Backends;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Backends;

public sealed class BackendLeaseTests
{
    [Fact]
    public void PickedFrom_ManyBackends_IsKeptUpToTheLimitOfTheCount()
    {
        BackendLease lease = Pools.Of("a:1").GetAllBackends()[0].TryAcquire()!;

        lease.PickedFrom(PickTier.Backup, 70_000);

        Assert.Equal((PickTier.Backup, 65_535), (lease.Tier, lease.Choices));
    }

    // Every connection has one: header, method table, backend, and eight bytes for everything else.
    [Fact]
    public void TryAcquire_Lease_TakesFourWords()
    {
        Backend backend = Pools.Of("a:1").GetAllBackends()[0];
        _ = backend.TryAcquire();
        long before = GC.GetAllocatedBytesForCurrentThread();

        _ = backend.TryAcquire();

        Assert.Equal(4 * sizeof(long), GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
