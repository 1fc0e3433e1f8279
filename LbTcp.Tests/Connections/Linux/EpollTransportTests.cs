using LbTcp.Connections.Linux;

namespace LbTcp.Tests.Connections.Linux;

public sealed class EpollTransportTests
{
    [Fact]
    public void PipeDescriptors_TwoThreads_AreTwoForEach() => Assert.Equal(4, EpollTransport.PipeDescriptors(threads: 2));
}
