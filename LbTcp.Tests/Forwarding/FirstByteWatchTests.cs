using LbTcp.Backends;
using LbTcp.Connections;
using LbTcp.Diagnostics;
using NSubstitute;

namespace LbTcp.Tests.Forwarding;

/// <summary>Which connections are ended, and who is blamed.</summary>
public sealed class FirstByteWatchTests : FirstByteScenario
{
    [Fact]
    public void Look_NothingFromTheBackendForTheTimeout_ResetsBothSidesAndReportsIt()
    {
        WatchedConnection connection = Request();

        PassMilliseconds(495);
        Assert.False(connection.IsEnded);
        PassMilliseconds(5);

        connection.Client.Received().Abort();
        connection.Server.Received().Abort();
        ConnectionEndRecord record = connection.Connection.ToRecord();
        Assert.Equal((ConnectionEndReason.FirstByteTimeout, ConnectionSide.LbTcp), (record.Reason, record.EndedBy));
        Tracker.Received(1).SentNothing(Backend, Limit);
        PassMilliseconds(1_000);
        AssertBlamed(1);
    }

    [Fact]
    public void Look_BytesOfTheClientArePassedOnAgain_BeginsAnew()
    {
        WatchedConnection upload = Request();

        for (int i = 0; i < 10; i++)
        {
            PassMilliseconds(495);
            upload.ToBackend.Send(1);
            Watch.Look();
        }

        PassMilliseconds(495);
        Assert.False(upload.IsEnded);
        PassMilliseconds(10);
        Assert.True(upload.IsEnded);
    }

    // The program reads from buffers of the system, which takes nothing more meanwhile.
    [Fact]
    public void Look_SystemOfTheBackendGoesOnToAcknowledge_DoesNotEnd()
    {
        WatchedConnection upload = Request();

        for (int i = 1; i <= 30; i++)
        {
            upload.Server.Info.Returns(new TcpInfo { BytesAcknowledged = i * 1000 });
            PassMilliseconds(100);
        }

        Assert.False(upload.IsEnded);
        PassMilliseconds(1_000);
        Assert.True(upload.IsEnded);
    }

    [Fact]
    public void Look_AnswerWithinTheLimit_IsReportedAndTheConnectionNoLongerLimited()
    {
        WatchedConnection connection = Request();
        PassMilliseconds(495);

        connection.Answer();
        PassMilliseconds(2_000);

        Assert.False(connection.IsEnded);
        Tracker.Received(1).Answered(Backend);
        AssertBlamed(0);
    }

    [Fact]
    public void Look_ClientSaysNothing_NeverEnds()
    {
        WatchedConnection connection = Connect();

        PassMilliseconds(5_000);

        Assert.False(connection.IsEnded);
        AssertBlamed(0);
    }

    [Fact]
    public void Look_BackendSpeaksFirst_IsNeverBlamedForSilenceAfterwards()
    {
        WatchedConnection connection = Connect();
        connection.Answer();
        PassMilliseconds(5);

        connection.ToBackend.Send(100);
        PassMilliseconds(5_000);

        Assert.False(connection.IsEnded);
        AssertBlamed(0);
    }

    [Fact]
    public void Look_BackendFinishesWithoutAByte_IsNotBlamed()
    {
        WatchedConnection connection = Request();

        connection.Connection.SideEnded(ConnectionSide.Backend);
        PassMilliseconds(5_000);

        Assert.False(connection.IsEnded);
        AssertBlamed(0);
        Tracker.DidNotReceiveWithAnyArgs().Answered(null!);
    }

    [Fact]
    public void Look_ClientFinishesAfterItsRequest_IsLimitedAllTheSame()
    {
        WatchedConnection connection = Request();

        connection.Connection.SideEnded(ConnectionSide.Client);
        PassMilliseconds(500);

        Assert.True(connection.IsEnded);
    }

    [Fact]
    public void Look_ConnectionEndsOtherwise_BlamesNobody()
    {
        Request().Connection.End(ConnectionEndReason.AdminClosed);

        PassMilliseconds(1_000);

        AssertBlamed(0);
        Assert.Equal(Timeout.InfiniteTimeSpan, Watch.Tick);
    }

    [Fact]
    public void Look_LateRequestOfASilentClient_IsLimitedWithinALongTick()
    {
        WatchedConnection connection = Connect();
        PassMilliseconds(10_000);
        Assert.Equal(TimeSpan.FromMilliseconds(100), Watch.Tick);

        connection.ToBackend.Send(1);
        PassMilliseconds(495);
        Assert.False(connection.IsEnded);
        PassMilliseconds(105);

        Assert.True(connection.IsEnded);
    }

    [Fact]
    public void Begin_ValueOfTheBackend_TakesPrecedence()
    {
        Backend patient = Pool.GetAllBackends()[1];
        WatchedConnection own = Request(patient);
        WatchedConnection off = Request(Pool.GetAllBackends()[2]);

        PassMilliseconds(1_995);
        Assert.False(own.IsEnded);
        PassMilliseconds(105);

        Assert.True(own.IsEnded);
        AssertBlamed(1, patient);
        Assert.False(off.IsEnded);
    }

    [Fact]
    public void Begin_NoLimit_WatchesNothing()
    {
        int shortened = 0;
        Watch.TickShortened += () => shortened++;

        _ = Connect(Pool.GetAllBackends()[2]);

        Assert.Equal((0, Timeout.InfiniteTimeSpan), (shortened, Watch.Tick));
        SetLimit(TimeSpan.Zero);
        _ = Connect();
        Assert.Equal((0, Timeout.InfiniteTimeSpan), (shortened, Watch.Tick));
    }

    [Fact]
    public void Begin_FirstConnection_ShortensTheTickOnce()
    {
        int shortened = 0;
        Watch.TickShortened += () => shortened++;

        Watch.Begin(new WatchedConnection(1, Backend, Clock).Connection);
        Watch.Begin(new WatchedConnection(2, Backend, Clock).Connection);

        Assert.Equal((1, TimeSpan.FromMilliseconds(5)), (shortened, Watch.Tick));
    }

    [Fact]
    public void Look_LimitChanges_AppliesToOpenConnections()
    {
        WatchedConnection connection = Request();
        WatchedConnection other = Request();
        SetLimit(TimeSpan.FromMilliseconds(800));
        PassMilliseconds(500);
        Assert.False(connection.IsEnded);

        PassMilliseconds(300);
        Assert.True(connection.IsEnded && other.IsEnded);

        WatchedConnection last = Request();
        SetLimit(TimeSpan.Zero);
        PassMilliseconds(2_000);
        Assert.False(last.IsEnded);
    }

    // The answer may have come meanwhile, and is not read yet.
    [Theory]
    [InlineData(1)]
    [InlineData(400)]
    public void Look_ProcessWasNotRunning_DoesNotCountThePause(int waitedMilliseconds)
    {
        WatchedConnection connection = Request();
        PassMilliseconds(waitedMilliseconds);

        Clock.Advance(TimeSpan.FromMinutes(1));
        Watch.Look();
        Assert.False(connection.IsEnded);
        AssertBlamed(0);

        PassMilliseconds(500);
        Assert.True(connection.IsEnded);
        AssertBlamed(1);
    }

    [Fact]
    public async Task Begin_FromManyThreads_WatchesAll()
    {
        WatchedConnection[] connections = [.. Enumerable.Range(0, 200).Select(i => new WatchedConnection(i, Backend, Clock))];
        await Task.WhenAll(connections.Chunk(20).Select(chunk => Task.Run(() =>
        {
            foreach (WatchedConnection connection in chunk)
                Watch.Begin(connection.Connection);
        })));
        Array.ForEach(connections, connection => connection.ToBackend.Send(1));
        Watch.Look();

        PassMilliseconds(500);

        Assert.All(connections, connection => Assert.True(connection.IsEnded));
        AssertBlamed(200);
    }
}
