using LbTcp.Connections.Linux;
using LbTcp.Tests.TestDoubles;
using NSubstitute;

namespace LbTcp.Tests.Connections.Linux;

public sealed class HandlerTableTests
{
    private readonly HandlerTable _table = new();
    private readonly IEventHandler _first = Substitute.For<IEventHandler>();
    private readonly IEventHandler _second = Substitute.For<IEventHandler>();

    [Fact]
    public void Find_ADescriptorsNumberIsReused_TheOldTokenFindsNothing()
    {
        ulong first = _table.Add(7, _first);
        Assert.Same(_first, _table.Find(first));

        ulong second = _table.Add(7, _second);

        Assert.Null(_table.Find(first));
        Assert.Same(_second, _table.Find(second));
        Assert.Equal(second, _table.TokenOf(7));
    }

    [Fact]
    public void Find_TheSameHandlerIsEnteredAgain_TheOldTokenFindsNothing()
    {
        ulong first = _table.Add(7, _first);
        _table.Remove(7, _first);
        Assert.Null(_table.Find(first));

        ulong second = _table.Add(7, _first);

        Assert.Null(_table.Find(first));
        Assert.Same(_first, _table.Find(second));
    }

    [Fact]
    public void Remove_TheNumberIsAnothersByNow_LeavesTheOther()
    {
        _ = _table.Add(7, _first);
        ulong second = _table.Add(7, _second);

        _table.Remove(7, _first);
        Assert.Same(_second, _table.Find(second));

        _table.Remove(7, _second);
        Assert.Null(_table.Find(second));
    }

    [Fact]
    public void Add_LargeNumbers_AllAreFound()
    {
        int[] descriptors = [0, 1, 2_047, 2_048, 524_287, 524_288, 1_048_576, 5_000_000];
        IEventHandler[] handlers = [.. descriptors.Select(_ => Substitute.For<IEventHandler>())];

        ulong[] tokens = [.. descriptors.Zip(handlers, _table.Add)];

        Assert.Equal(handlers, tokens.Select(_table.Find));
        Assert.Equal(descriptors, tokens.Select(HandlerTable.DescriptorOf));
    }

    // Both need the same new chunk, and the larger table that it is in.
    [Fact]
    public Task Add_TwoThreadsNeedRoomAtTheSameMoment_BothAreFound() => Race.RunAsync(rounds: 20_000, () =>
    {
        const int Beyond = 1_000_000;
        var table = new HandlerTable();
        ulong first = 0;
        ulong second = 0;
        return (
            () => first = table.Add(Beyond, _first),
            () => second = table.Add(Beyond + 1, _second),
            () =>
            {
                Assert.Same(_first, table.Find(first));
                Assert.Same(_second, table.Find(second));
                return Task.CompletedTask;
            }
        );
    });
}
