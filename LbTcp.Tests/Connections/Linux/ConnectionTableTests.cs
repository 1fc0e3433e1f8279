using System.Net;
using LbTcp.Connections.Linux;

namespace LbTcp.Tests.Connections.Linux;

public sealed class ConnectionTableTests
{
    [SkippableFact]
    public async Task Find_ADescriptorsNumberIsUsedAgain_TheOldTokenFindsNobody()
    {
        await using var fixture = new ReactorFixture();
        var table = new ConnectionTable();
        EpollConnection first = Enter(7, table, fixture.Reactor);
        Assert.Same(first, table.Find(first.Token));

        EpollConnection second = Enter(7, table, fixture.Reactor);

        Assert.Null(table.Find(first.Token));
        Assert.Same(second, table.Find(second.Token));
    }

    [SkippableFact]
    public async Task Clear_TheNumberIsAnothersByNow_LeavesTheOther()
    {
        await using var fixture = new ReactorFixture();
        var table = new ConnectionTable();
        EpollConnection first = Enter(7, table, fixture.Reactor);
        EpollConnection second = Enter(7, table, fixture.Reactor);

        table.Clear(7, first);
        Assert.Same(second, table.Find(second.Token));

        table.Clear(7, second);
        Assert.Null(table.Find(second.Token));
    }

    [SkippableFact]
    public async Task Set_LargeNumbers_AreFoundAndLoseNobody()
    {
        await using var fixture = new ReactorFixture();
        var table = new ConnectionTable();
        int[] descriptors = [0, 1, 4_095, 4_096, 1_048_575, 1_048_576, 5_000_000];

        EpollConnection[] connections = [.. descriptors.Select(descriptor => Enter(descriptor, table, fixture.Reactor))];

        Assert.All(connections, connection => Assert.Same(connection, table.Find(connection.Token)));
    }

    [Fact]
    public void NewToken_Always_LeavesTheTopmostBitToTheReactor()
    {
        var table = new ConnectionTable();

        IEnumerable<ulong> tokens = Enumerable.Range(0, 1_000).Select(_ => table.NewToken(int.MaxValue));

        Assert.Equal(1_000, tokens.Where(token => token >> 63 == 0).Distinct().Count());
    }

    // Only entered: no socket of that number is touched.
    private static EpollConnection Enter(int descriptor, ConnectionTable table, Reactor reactor)
    {
        var connection = new EpollConnection(
            reactor, descriptor, table.NewToken(descriptor), new IPEndPoint(IPAddress.Loopback, 1), isClient: false);
        table.Set(descriptor, connection);
        return connection;
    }
}
