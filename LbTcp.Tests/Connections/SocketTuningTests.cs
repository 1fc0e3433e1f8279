using LbTcp.Configuration;
using LbTcp.Connections;

namespace LbTcp.Tests.Connections;

public sealed class SocketTuningTests
{
    [Theory]
    [InlineData(60, 6, 10)]
    [InlineData(1, 1, 1)]
    [InlineData(2, 2, 1)]
    [InlineData(7, 4, 2)] // rounded up to whole intervals
    [InlineData(3600, 6, 600)]
    [InlineData(32400, 6, 5400)]
    [InlineData(1.5, 2, 1)]
    [InlineData(0, 6, 10)] // off: those of the default
    public void KeepAliveProbes_DeadPeerTimeout_IsWhatTheyTakeTogether(double seconds, int count, int interval)
    {
        var options = new TransportOptions { DeadPeerTimeout = TimeSpan.FromSeconds(seconds) };

        Assert.Equal((count, interval), SocketTuning.KeepAliveProbes(options));
    }
}
