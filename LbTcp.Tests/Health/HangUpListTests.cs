using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;
using LbTcp.Health;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Time.Testing;

namespace LbTcp.Tests.Health;

public sealed class HangUpListTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly CancellationTokenSource _stopping = new();

    public void Dispose() => _stopping.Dispose();

    [Fact]
    public async Task Add_BackendClosesAfterTheFin_IsDisposedWithoutAReset()
    {
        var hangUps = new HangUpList(new HangUpPlaces(2), _time);
        (InMemoryConnection connection, InMemoryConnection backend) = InMemoryConnection.CreatePair();
        _ = await backend.Output.WriteAsync("the body"u8.ToArray());

        hangUps.Add(connection, default, _stopping.Token);
        Task idle = hangUps.WhenIdleAsync();
        Assert.False(connection.IsDisposed);
        Assert.True((await backend.Input.ReadAsync()).IsCompleted);
        await backend.Output.CompleteAsync();

        await idle.Done();
        Assert.True(connection.IsDisposed);
        Assert.Equal(SocketError.Success, backend.Failure);
    }

    [Fact]
    public async Task Add_WithAGoodbye_SendsItAndLetsTheBackendCloseFirst()
    {
        var hangUps = new HangUpList(new HangUpPlaces(2), _time);
        (InMemoryConnection connection, InMemoryConnection backend) = InMemoryConnection.CreatePair();

        hangUps.Add(connection, "QUIT"u8.ToArray(), _stopping.Token);
        ReadResult goodbye = await backend.Input.ReadAsync();
        Assert.Equal(("QUIT", false), (Encoding.ASCII.GetString(goodbye.Buffer), goodbye.IsCompleted));
        backend.Input.AdvanceTo(goodbye.Buffer.End);
        await backend.Output.CompleteAsync();

        await hangUps.WhenIdleAsync().Done();
        Assert.True(connection.IsDisposed);
        Assert.True((await backend.Input.ReadAsync()).IsCompleted);
        Assert.Equal(SocketError.Success, backend.Failure);
    }

    [Fact]
    public async Task Add_BackendStaysOpen_ClosesAfterHalfASecond()
    {
        var hangUps = new HangUpList(new HangUpPlaces(2), _time);
        (InMemoryConnection connection, _) = InMemoryConnection.CreatePair();

        hangUps.Add(connection, default, _stopping.Token);
        _time.Advance(TimeSpan.FromMilliseconds(499));
        Assert.False(connection.IsDisposed);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        await hangUps.WhenIdleAsync().Done();
        Assert.True(connection.IsDisposed);
    }

    [Fact]
    public async Task Add_TooMany_ResetsTheOldest()
    {
        var hangUps = new HangUpList(new HangUpPlaces(2), _time);
        (InMemoryConnection Connection, InMemoryConnection Peer)[] pairs =
            [.. Enumerable.Range(0, 3).Select(_ => InMemoryConnection.CreatePair())];

        foreach ((InMemoryConnection connection, _) in pairs)
            hangUps.Add(connection, default, _stopping.Token);

        Assert.Equal(
            [SocketError.ConnectionReset, SocketError.Success, SocketError.Success], pairs.Select(pair => pair.Peer.Failure));
        await _stopping.CancelAsync();
        await hangUps.WhenIdleAsync().Done();
    }

    [Fact]
    public async Task Add_OthersHaveEnded_LeavesTheirPlaces()
    {
        var hangUps = new HangUpList(new HangUpPlaces(1), _time);
        (InMemoryConnection first, InMemoryConnection itsBackend) = InMemoryConnection.CreatePair();
        (InMemoryConnection second, InMemoryConnection other) = InMemoryConnection.CreatePair();
        hangUps.Add(first, default, _stopping.Token);
        await itsBackend.Output.CompleteAsync();
        await hangUps.WhenIdleAsync().Done();

        hangUps.Add(second, default, _stopping.Token);

        Assert.Equal((SocketError.Success, SocketError.Success), (itsBackend.Failure, other.Failure));
    }

    [Fact]
    public async Task Add_CheckingEnds_ClosesAtOnce()
    {
        var hangUps = new HangUpList(new HangUpPlaces(2), _time);
        (InMemoryConnection connection, _) = InMemoryConnection.CreatePair();
        hangUps.Add(connection, default, _stopping.Token);
        Task idle = hangUps.WhenIdleAsync();
        Assert.False(idle.IsCompleted);

        await _stopping.CancelAsync();

        await idle.Done();
        Assert.True(connection.IsDisposed);
    }
}
