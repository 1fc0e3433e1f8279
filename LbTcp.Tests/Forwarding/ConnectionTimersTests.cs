using System.Net;
using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Diagnostics;
using LbTcp.Forwarding;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;

namespace LbTcp.Tests.Forwarding;

public sealed class ConnectionTimersTests
{
    private static readonly ForwardingOptions _options = new()
    {
        ConnectTimeout = TimeSpan.FromSeconds(5),
        IdleTimeout = TimeSpan.FromMinutes(10),
        HalfCloseTimeout = TimeSpan.FromSeconds(30),
        DeadPeerTimeout = TimeSpan.Zero,
    };

    private readonly FakeTimeProvider _clock = new();
    private readonly IConnection _client = Substitute.For<IConnection>();
    private readonly IConnection _backend = Substitute.For<IConnection>();
    private readonly CountingTransfer _toBackend = new();
    private readonly CountingTransfer _toClient = new();
    private readonly ActiveConnection _connection;

    public ConnectionTimersTests()
    {
        _connection = new ActiveConnection(1, _client, _clock);
        _client.RemoteEndPoint.Returns(IPEndPoint.Parse("192.0.2.1:50000"));
    }

    [Fact]
    public void Check_NoByteForTheIdleTimeout_EndsBothSides()
    {
        Establish();

        Assert.False(EndsAfter(TimeSpan.FromMinutes(9.9)));
        Assert.True(EndsAfter(TimeSpan.FromMinutes(0.1)));

        _client.Received().Abort();
        _backend.Received().Abort();
        Assert.Equal(ConnectionEndReason.IdleTimeout, _connection.ToRecord().Reason);
    }

    [Fact]
    public void Idle_SinceTheLastByte_IsAsExactAsTheSweep()
    {
        Establish();
        Assert.False(EndsAfter(TimeSpan.FromSeconds(10)));
        Assert.Equal(TimeSpan.FromSeconds(10), _connection.Idle);

        _toClient.Send(1);
        Assert.Equal(TimeSpan.Zero, _connection.Idle);
        Assert.False(EndsAfter(TimeSpan.FromSeconds(1)));
        _clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(TimeSpan.FromSeconds(3), _connection.Idle);
    }

    [Fact]
    public void Check_BackendWasReachedLate_IsIdleOnlyFromThenOn()
    {
        var attempt = new DialAttempt(
            _connection, Pools.Of("10.0.0.1:80").GetAllBackends()[0].TryAcquire()!, Timeout.InfiniteTimeSpan, _clock);
        _connection.Dial.Begin(attempt);
        Assert.False(EndsAfter(TimeSpan.FromMinutes(20)));
        _connection.Dial.EndAttempts();
        Establish();

        Assert.False(EndsAfter(TimeSpan.FromMinutes(9.9)));
        Assert.True(EndsAfter(TimeSpan.FromMinutes(0.1)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Check_AByteInAnyDirection_StartsTheIdleTimeoutAnew(int counter)
    {
        Establish();

        Assert.False(EndsAfter(TimeSpan.FromMinutes(9)));
        Action<long>[] counters = [_toBackend.Receive, _toBackend.Send, _toClient.Receive, _toClient.Send];
        counters[counter](1);

        Assert.False(EndsAfter(TimeSpan.FromMinutes(9)));
        Assert.False(EndsAfter(TimeSpan.FromMinutes(0.9)));
        Assert.True(EndsAfter(TimeSpan.FromMinutes(9.1)));
    }

    [Fact]
    public void Check_IdleTimeoutOff_NeverEnds()
    {
        Establish();
        ForwardingOptions options = _options with { IdleTimeout = TimeSpan.Zero };

        for (int day = 0; day < 10; day++)
        {
            _connection.CheckTimers(options);
            _clock.Advance(TimeSpan.FromDays(1));
        }

        Assert.False(_connection.IsDecided);
    }

    [Fact]
    public void Check_OneSideFinished_TheHalfCloseTimeoutStartsThen()
    {
        Establish();
        Assert.False(EndsAfter(TimeSpan.FromMinutes(9)));
        _connection.SideEnded(ConnectionSide.Client);

        Assert.False(EndsAfter(TimeSpan.Zero));
        Assert.False(EndsAfter(TimeSpan.FromSeconds(29)));
        Assert.True(EndsAfter(TimeSpan.FromSeconds(1)));

        Assert.Equal(ConnectionEndReason.HalfCloseTimeout, _connection.ToRecord().Reason);
    }

    [Fact]
    public void Check_HalfClosedButBytesMove_DoesNotEnd()
    {
        Establish();
        _connection.SideEnded(ConnectionSide.Client);

        for (int i = 1; i <= 10; i++)
        {
            _toClient.Receive(1);
            Assert.False(EndsAfter(TimeSpan.FromSeconds(20)));
        }
    }

    [Fact]
    public void Check_HalfClosedAndOnlyAcknowledgementsGrow_DoesNotEnd()
    {
        Establish();
        _connection.SideEnded(ConnectionSide.Backend);

        for (int i = 1; i <= 100; i++)
        {
            _client.Info.Returns(new TcpInfo { BytesAcknowledged = i * 1000 });
            Assert.False(EndsAfter(TimeSpan.FromSeconds(1)));
        }

        Assert.False(EndsAfter(TimeSpan.FromSeconds(29)));
    }

    [Fact]
    public void Check_AcknowledgementsCeaseToGrow_Ends()
    {
        Establish();
        _connection.SideEnded(ConnectionSide.Backend);
        for (int i = 1; i <= 40; i++)
        {
            _client.Info.Returns(new TcpInfo { BytesAcknowledged = i * 1000 });
            Assert.False(EndsAfter(TimeSpan.FromSeconds(1)));
        }

        // The limit passes at 30, 60 and 90 seconds; acknowledgements of the last 10 seconds are found at 60.
        for (int i = 1; i < 50; i++)
            Assert.False(EndsAfter(TimeSpan.FromSeconds(1)));
        Assert.True(EndsAfter(TimeSpan.FromSeconds(1)));
    }

    // What was acknowledged during the first stall is no progress of the second one.
    [Fact]
    public void Check_StalledAgainAfterBytesMoved_GetsNoMoreTimeThanBefore()
    {
        Establish();
        _client.Info.Returns(new TcpInfo { BytesAcknowledged = 1 });
        Assert.False(EndsAfter(TimeSpan.FromMinutes(9)));
        _client.Info.Returns(new TcpInfo { BytesAcknowledged = 2 });
        _toClient.Send(1);

        Assert.False(EndsAfter(TimeSpan.Zero));
        Assert.False(EndsAfter(TimeSpan.FromMinutes(5)));
        Assert.False(EndsAfter(TimeSpan.FromMinutes(4.9)));
        Assert.True(EndsAfter(TimeSpan.FromMinutes(0.1)));
    }

    [Fact]
    public void Check_BytesMove_AsksNoSystemForAcknowledgements()
    {
        Establish();

        for (int i = 1; i <= 100; i++)
        {
            _toClient.Send(1);
            Assert.False(EndsAfter(TimeSpan.FromSeconds(1)));
        }

        _ = _client.DidNotReceive().Info;
        _ = _backend.DidNotReceive().Info;
    }

    [Fact]
    public void Check_DialTooLong_CancelsTheAttemptAndNotTheConnection()
    {
        StageDeadline attempt = _connection.BeginStage(_options.ConnectTimeout);

        Assert.False(EndsAfter(TimeSpan.FromSeconds(5)));

        Assert.True(attempt.TimedOut);
        _client.DidNotReceive().Abort();
    }

    [Fact]
    public void Check_ClientResetWhileDialling_CancelsTheAttemptAndEndsTheConnection()
    {
        StageDeadline attempt = _connection.BeginStage(_options.ConnectTimeout);
        _client.IsReset.Returns(true);

        Assert.True(EndsAfter(TimeSpan.Zero));

        Assert.True(attempt.IsCancellationRequested);
        Assert.False(attempt.TimedOut);
        Assert.Equal(ConnectionEndReason.ClientReset, _connection.ToRecord().Reason);
    }

    private void Establish()
    {
        _connection.Dial.Established(_backend);
        _connection.BytesMove(_toBackend, _toClient);
    }

    // A sweep at the beginning and one at the end of the time.
    private bool EndsAfter(TimeSpan time)
    {
        _connection.CheckTimers(_options);
        _clock.Advance(time);
        _connection.CheckTimers(_options);
        return _connection.IsDecided;
    }
}
