using LbTcp.Forwarding;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Forwarding;

public sealed class DialHistoryTests : ConnectionQueueScenario
{
    [Fact]
    public void Join_Repeatedly_KeepsTheLengthOfTheFirstQueueAndAddsTheTimes()
    {
        var history = new DialHistory();

        history.Join(Wait(position: 3));
        history.Leave(TimeSpan.FromSeconds(2));
        history.Join(Wait(position: 1));
        history.Leave(TimeSpan.FromSeconds(1));

        Assert.Equal((3, TimeSpan.FromSeconds(3)), (history.QueueLength, history.Queued));
        Assert.Null(history.Wait);
    }

    private QueuedConnection Wait(int position) =>
        new(Connection(), Queue(TestBackends.Pool(1)), position, Clock.GetTimestamp(), Options.QueueTimeout);
}
