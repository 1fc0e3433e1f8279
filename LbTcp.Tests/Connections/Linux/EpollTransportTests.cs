using LbTcp.Connections;
using LbTcp.Connections.Linux;

namespace LbTcp.Tests.Connections.Linux;

public sealed class EpollTransportTests
{
    [Fact]
    public void PipeDescriptors_TwoThreads_AreTwoForEach() => Assert.Equal(4, EpollTransport.PipeDescriptors(threads: 2));

    [SkippableFact]
    public async Task Threads_EachTurns_HasItsOwnNumberInTheSystem()
    {
        Skip.IfNot(OperatingSystem.IsLinux());
        using ITransport transport = Transports.Create("epoll");

        int[] ids = await Task.WhenAll(transport.Threads.Select(thread => thread.TurnAsync())).Done();

        Assert.Equal(ids.Distinct(), ids);
        Assert.All(ids, id => Assert.NotNull(LinuxThreads.ReadProcessorTime(id)));
        Assert.Equal([.. Enumerable.Range(0, ids.Length)], transport.Threads.Select(thread => thread.Number));
        Assert.True(Assert.Single(transport.Threads, thread => thread.IsForChecks).Number == ids.Length - 1);
        Assert.All(transport.Threads, thread => Assert.Equal((0, false), (thread.Clients, thread.HasPipe)));
    }

    [Theory]
    [InlineData("1500000 20 3\n", 1.5)]
    [InlineData("", null)]
    public void ParseProcessorTime_Text_IsTheFirstNumberInNanoseconds(string text, double? milliseconds) =>
        Assert.Equal(milliseconds, LinuxThreads.ParseProcessorTime(text)?.TotalMilliseconds);
}
