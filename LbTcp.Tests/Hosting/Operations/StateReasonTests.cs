using LbTcp.Hosting.Operations;

namespace LbTcp.Tests.Hosting.Operations;

public sealed class StateReasonTests
{
    [Fact]
    public void Of_HealthyAndReadyButNotAvailable_SaysWhatKeepsConnectionsAway()
    {
        var service = new ObservedService("a:1", "b:1", "c:1 backup");
        service.SetWeight("a:1", 0);
        service.Balancer.Advance();

        Assert.Equal("its weight is 0", StateReason.Of(service.Facts("a:1")));
        Assert.Equal("it has been healthy since it was added", StateReason.Of(service.Facts("b:1")));
        Assert.Equal("it is a backup: used while no other backend is available", StateReason.Of(service.Facts("c:1")));
    }
}
