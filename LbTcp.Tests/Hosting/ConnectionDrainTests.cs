using LbTcp.Configuration;
using LbTcp.Diagnostics;
using LbTcp.Forwarding;
using LbTcp.Hosting;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Hosting;

public sealed class ConnectionDrainTests
{
    private readonly WatchedClock _clock = new() { AutoAdvanceAmount = TimeSpan.FromMilliseconds(1) };
    private readonly LogRecorder<ConnectionDrain> _logs = new();
    private readonly ActiveConnections _connections;

    public ConnectionDrainTests() =>
        _connections = new ActiveConnections(new ConnectionSlots(2), new ConnectionIds(), new(new ForwardingOptions()), _clock);

    [Theory]
    [InlineData(0, false)]
    [InlineData(30, true)]
    public async Task RunAsync_OverAtOnce_LogsNoProgress(int timeoutSeconds, bool isAborted)
    {
        ActiveConnection connection = await _connections.TrackAsync(InMemoryConnection.CreatePair().Connection, CancellationToken.None);

        Task drain = new ConnectionDrain(_connections, () => TimeSpan.FromSeconds(timeoutSeconds), _clock, _logs)
            .RunAsync(new CancellationToken(isAborted));
        await Until.TrueAsync(() => connection.IsDecided, "the connection is ended");
        _connections.Untrack(connection);
        await drain.Done();

        Assert.Equal([EventIds.Draining, EventIds.Drained], _logs.Records.Select(record => record.EventId));
    }

    [Fact]
    public async Task RunAsync_TickComesAfterTheTimeIsUp_LogsNoTimeLeftBelowZero()
    {
        ActiveConnection connection = await _connections.TrackAsync(InMemoryConnection.CreatePair().Connection, CancellationToken.None);

        Task drain = new ConnectionDrain(_connections, () => TimeSpan.FromSeconds(1.5), _clock, _logs).RunAsync(CancellationToken.None);
        await _clock.HasTimersAsync(2);
        _clock.Advance(TimeSpan.FromSeconds(10)); // the tick after one second runs behind
        await Until.TrueAsync(() => connection.IsDecided, "the connection is ended");
        _connections.Untrack(connection);
        await drain.Done();

        Assert.DoesNotContain(_logs.Of(EventIds.DrainProgress), record => record.Message.Contains("left=-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunAsync_SecondsPass_LogsTheProgressOnceASecond()
    {
        ActiveConnection connection = await _connections.TrackAsync(InMemoryConnection.CreatePair().Connection, CancellationToken.None);

        Task drain = new ConnectionDrain(_connections, () => TimeSpan.FromSeconds(30), _clock, _logs).RunAsync(CancellationToken.None);
        await _clock.HasTimersAsync(2);
        Assert.Empty(_logs.Of(EventIds.DrainProgress));
        _clock.Advance(TimeSpan.FromSeconds(1));
        await Until.TrueAsync(() => _logs.Count(EventIds.DrainProgress) == 1, "the progress is logged");
        _connections.Untrack(connection);
        await drain.Done();
    }
}
