using LbTcp.Connections.Linux;

namespace LbTcp.Tests.Connections.Linux;

public sealed class EpollTransportTests
{
    [Theory]
    [InlineData(20_000L, 2, 256)] // 64 pipes for each thread at most
    [InlineData(1_024L, 2, 64)]
    [InlineData(40L, 2, 4)] // one at least
    [InlineData(null, 2, 4)]
    public void PipeDescriptors_Limit_LeavesMostToConnections(long? descriptorLimit, int threads, int expected) =>
        Assert.Equal(expected, EpollTransport.PipeDescriptors(descriptorLimit, threads));
}
