using System.Net;
using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Diagnostics;
using LbTcp.Forwarding;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;

namespace LbTcp.Tests.Forwarding;

/// <summary>Directions that are stuck and peers that have vanished, as the sweep finds them.</summary>
public sealed class DeliveryWatchTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly IConnection _client = Substitute.For<IConnection>();
    private readonly IConnection _backend = Substitute.For<IConnection>();
    private readonly CountingTransfer _toBackend = new();
    private readonly CountingTransfer _toClient = new();
    private readonly ActiveConnection _connection;
    private ForwardingOptions _options = new() { IdleTimeout = TimeSpan.FromMinutes(10), DeadPeerTimeout = TimeSpan.Zero };

    public DeliveryWatchTests()
    {
        _client.Side.Returns(ConnectionSide.Client);
        _client.RemoteEndPoint.Returns(IPEndPoint.Parse("192.0.2.1:50000"));
        _backend.Side.Returns(ConnectionSide.Backend);
        _connection = new ActiveConnection(1, _client, _clock);
        _connection.Dial.Established(_backend);
        _connection.BytesMove(_toBackend, _toClient);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Check_OneDirectionStuckWhileTheOtherMoves_EndsAsStalled(bool isUpload)
    {
        (CountingTransfer stuck, CountingTransfer moving) = isUpload ? (_toBackend, _toClient) : (_toClient, _toBackend);
        stuck.Receive(100);

        Assert.False(EndsWithin(TimeSpan.FromMinutes(9.9), () => Deliver(moving)));
        Assert.True(EndsWithin(TimeSpan.FromMinutes(0.3), () => Deliver(moving)));

        AssertEnd(ConnectionEndReason.Stalled, ConnectionSide.LbTcp);
        _client.Received().Abort();
        _backend.Received().Abort();
    }

    [Fact]
    public void Check_NothingMovesAndADirectionIsStuck_IsStalledAndNotIdle()
    {
        _toClient.Receive(100);

        Assert.True(EndsWithin(TimeSpan.FromMinutes(10.5)));

        AssertEnd(ConnectionEndReason.Stalled, ConnectionSide.LbTcp);
    }

    [Fact]
    public void Check_TheDestinationAcknowledges_StartsAnew()
    {
        _toClient.Receive(100);
        _client.Info.Returns(Acknowledged(1));
        Assert.False(EndsWithin(TimeSpan.FromMinutes(9)));
        _client.Info.Returns(Acknowledged(2));

        Assert.False(EndsWithin(TimeSpan.FromMinutes(10), () => Deliver(_toBackend)));
        Assert.True(EndsWithin(TimeSpan.FromMinutes(1.5), () => Deliver(_toBackend)));
    }

    // What was acknowledged during the first stall is no progress of the second one.
    [Fact]
    public void Check_TheStuckDirectionSendsAByte_StartsAnewWithTheSameLimit()
    {
        _toClient.Receive(100);
        _client.Info.Returns(Acknowledged(1));
        Assert.False(EndsWithin(TimeSpan.FromMinutes(9), () => Deliver(_toBackend)));
        _client.Info.Returns(Acknowledged(2));
        _toClient.Send(1);

        Assert.False(EndsWithin(TimeSpan.FromMinutes(9.9), () => Deliver(_toBackend)));
        Assert.True(EndsWithin(TimeSpan.FromMinutes(0.3), () => Deliver(_toBackend)));
    }

    [Fact]
    public void Check_IdleTimeoutOff_IsNeverStalled()
    {
        _options = _options with { IdleTimeout = TimeSpan.Zero };
        _toClient.Receive(100);

        Assert.False(EndsWithin(TimeSpan.FromHours(1)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Check_TheSourceOfAStuckDirectionResets_EndsSoon(bool isUpload)
    {
        (isUpload ? _toBackend : _toClient).Receive(100);
        Assert.False(EndsWithin(TimeSpan.FromMinutes(5)));
        (isUpload ? _client : _backend).IsReset.Returns(true);

        Assert.True(EndsWithin(TimeSpan.FromSeconds(2)));

        AssertEnd(isUpload ? ConnectionEndReason.ClientReset : ConnectionEndReason.BackendReset, (isUpload ? _client : _backend).Side);
    }

    [Fact]
    public void Check_TheSourceResetsAndTheDestinationStillAcknowledges_DoesNotEnd()
    {
        int acknowledged = 0;
        _toBackend.Receive(100);
        _client.IsReset.Returns(true);

        Assert.False(EndsWithin(TimeSpan.FromMinutes(1), () => _backend.Info.Returns(Acknowledged(++acknowledged))));
        Assert.True(EndsWithin(TimeSpan.FromSeconds(2)));
    }

    [Fact]
    public void Check_ASideResetsAfterAHalfClose_EndsSoon()
    {
        Deliver(_toBackend);
        _connection.SideEnded(ConnectionSide.Client);
        Assert.False(EndsWithin(TimeSpan.FromSeconds(5)));
        _client.IsReset.Returns(true);

        Assert.True(EndsWithin(TimeSpan.FromSeconds(2)));

        AssertEnd(ConnectionEndReason.ClientReset, ConnectionSide.Client);
    }

    // The relay waits for the acknowledgements of the other side, within the half-close timeout.
    [Fact]
    public void Check_TheRelayHasNoticedTheReset_LeavesTheRestToIt()
    {
        Deliver(_toBackend);
        _connection.SideFailed(new ConnectionException(ConnectionSide.Client, System.Net.Sockets.SocketError.ConnectionReset));
        _client.IsReset.Returns(true);

        Assert.False(EndsWithin(TimeSpan.FromSeconds(20)));
        _backend.DidNotReceive().Abort();
    }

    [Fact]
    public void Check_StuckAfterAHalfClose_TheHalfCloseTimeoutApplies()
    {
        _options = _options with { HalfCloseTimeout = TimeSpan.FromMinutes(20) };
        _toClient.Receive(100);
        _connection.SideEnded(ConnectionSide.Client);

        Assert.False(EndsWithin(TimeSpan.FromMinutes(15)));
        Assert.True(EndsWithin(TimeSpan.FromMinutes(6)));

        AssertEnd(ConnectionEndReason.HalfCloseTimeout, ConnectionSide.LbTcp);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Check_APeerAcknowledgesNothing_IsLost(bool isClient)
    {
        _options = _options with { DeadPeerTimeout = TimeSpan.FromMinutes(1) };
        (IConnection lost, IConnection living) = isClient ? (_client, _backend) : (_backend, _client);
        int retries = 0;
        TimeSpan silent = TimeSpan.Zero;
        living.Info.Returns(new TcpInfo { IsFlushed = true });

        Assert.False(EndsWithin(TimeSpan.FromSeconds(59), Retry));
        Assert.True(EndsWithin(TimeSpan.FromSeconds(17), Retry));

        AssertEnd(isClient ? ConnectionEndReason.ClientLost : ConnectionEndReason.BackendLost, lost.Side);

        // Bytes that are sent to the peer are no answer of it.
        void Retry()
        {
            Deliver(isClient ? _toClient : _toBackend);
            silent += _step;
            lost.Info.Returns(new TcpInfo { IsUnanswered = true, Retries = ++retries, SinceAcknowledgement = silent });
        }
    }

    [Fact]
    public void Check_APeerReadsNothingButAnswersProbes_IsNotLost()
    {
        _options = _options with { DeadPeerTimeout = TimeSpan.FromMinutes(1), IdleTimeout = TimeSpan.Zero };
        Deliver(_toClient);
        _client.Info.Returns(new TcpInfo { IsFlushed = false, SinceAcknowledgement = TimeSpan.FromSeconds(119) });

        Assert.False(EndsWithin(TimeSpan.FromHours(1)));
    }

    [Fact]
    public void Check_EverythingWasAcknowledged_AsksNoMoreUntilBytesMove()
    {
        _options = _options with { DeadPeerTimeout = TimeSpan.FromMinutes(1), IdleTimeout = TimeSpan.Zero };
        _client.Info.Returns(new TcpInfo { IsFlushed = true });
        _backend.Info.Returns(new TcpInfo { IsFlushed = true });
        Deliver(_toClient);
        Assert.False(EndsWithin(TimeSpan.FromSeconds(20)));
        _client.ClearReceivedCalls();

        Assert.False(EndsWithin(TimeSpan.FromHours(1)));
        _ = _client.DidNotReceive().Info;

        Deliver(_toClient);
        Assert.False(EndsWithin(TimeSpan.FromSeconds(20)));
        _ = _client.Received(1).Info;
    }

    [Fact]
    public void Check_BytesMoveAllTheTime_AsksFourTimesPerTimeout()
    {
        _options = _options with { DeadPeerTimeout = TimeSpan.FromMinutes(1) };
        _client.Info.Returns(new TcpInfo { IsUnanswered = true });

        Assert.False(EndsWithin(TimeSpan.FromMinutes(10), () => Deliver(_toClient)));

        Assert.InRange(_client.ReceivedCalls().Count(call => call.GetMethodInfo().Name == "get_Info"), 35, 42);
    }

    private static readonly TimeSpan _step = TimeSpan.FromMilliseconds(250);

    private static TcpInfo Acknowledged(long bytes) => new() { BytesAcknowledged = bytes };

    private static void Deliver(CountingTransfer transfer)
    {
        transfer.Receive(1);
        transfer.Send(1);
    }

    // With the sweeps of that time; stops at the end.
    private bool EndsWithin(TimeSpan time, Action? beforeSweep = null)
    {
        for (TimeSpan left = time; left > TimeSpan.Zero && !_connection.IsDecided; left -= _step)
        {
            beforeSweep?.Invoke();
            _connection.CheckTimers(_options);
            _clock.Advance(_step);
        }

        return _connection.IsDecided;
    }

    private void AssertEnd(ConnectionEndReason reason, ConnectionSide side)
    {
        ConnectionEndRecord record = _connection.ToRecord();
        Assert.Equal((reason, side), (record.Reason, record.EndedBy));
    }
}
