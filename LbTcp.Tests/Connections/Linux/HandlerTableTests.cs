using LbTcp.Connections.Linux;
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

    // Every number is in a chunk of its own. The thread that is ahead allocates the chunks, so that the other one catches up with it, and
    // from then on both need the same one at the same moment.
    [Fact]
    public async Task Add_TwoThreadsNeedTheSameChunks_AllAreFound()
    {
        const int Chunk = 2_048;
        const int Chunks = 1_000;
        using var start = new Barrier(2);
        Task<ulong[]>[] threads = [.. new[] { _first, _second }.Select((handler, number) => Task.Factory.StartNew(
            () =>
            {
                ulong[] tokens = new ulong[Chunks];
                start.SignalAndWait();
                for (int i = 0; i < Chunks; i++)
                    tokens[i] = _table.Add((i * Chunk) + number, handler);
                return tokens;
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];

        ulong[][] tokens = await Task.WhenAll(threads).Done();

        Assert.All(tokens[0], token => Assert.Same(_first, _table.Find(token)));
        Assert.All(tokens[1], token => Assert.Same(_second, _table.Find(token)));
    }
}
