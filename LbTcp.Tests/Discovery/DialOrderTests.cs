using System.Net;
using LbTcp.Discovery;

namespace LbTcp.Tests.Discovery;

public class DialOrderTests
{
    [Theory]
    [InlineData(9, false)]
    [InlineData(9, true)]
    [InlineData(1000, false)]
    [InlineData(1000, true)]
    public void Item_MoreAddressesThanADialTries_AllHaveTheirTurn(int count, bool isFirstKnown)
    {
        EndPoint[] endPoints = [.. Enumerable.Range(1, count).Select(i => new IPEndPoint(IPAddress.Loopback, i))];
        HashSet<EndPoint> tried = [];
        for (uint turn = 0; turn < (count / 7) + 1; turn++)
        {
            var order = new DialOrder(endPoints, isFirstKnown, turn);
            EndPoint[] dial = [.. Enumerable.Range(0, order.Count).Select(i => order[i])];

            Assert.Equal(DialOrder.MaxCount, dial.Distinct().Count());
            if (isFirstKnown)
                Assert.Equal(endPoints[0], dial[0]);
            tried.UnionWith(dial);
        }

        Assert.Equal(count, tried.Count);
    }

    [Fact]
    public void Item_LateTurn_IsAnAddress()
    {
        EndPoint[] endPoints = [.. Enumerable.Range(1, 9).Select(i => new IPEndPoint(IPAddress.Loopback, i))];

        Assert.Contains(new DialOrder(endPoints, IsFirstKnown: true, uint.MaxValue)[7], endPoints);
    }
}
