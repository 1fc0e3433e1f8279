using System.Net.Sockets;
using LbTcp.Connections;
using LbTcp.Diagnostics;
using LbTcp.Tests.TestDoubles;
using NSubstitute;

namespace LbTcp.Tests.Forwarding;

/// <summary>Directions that are stuck, as the sweep finds them.</summary>
public sealed class DeliveryWatchTests : DeliveryWatchScenario
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Check_OneDirectionStuckWhileTheOtherMoves_EndsAsStalled(bool isUpload)
    {
        (CountingTransfer stuck, CountingTransfer moving) = isUpload ? (ToBackend, ToClient) : (ToClient, ToBackend);
        stuck.Receive(100);

        Assert.False(EndsWithin(TimeSpan.FromMinutes(9.9), () => Deliver(moving)));
        Assert.True(EndsWithin(TimeSpan.FromMinutes(0.3), () => Deliver(moving)));

        AssertEnd(ConnectionEndReason.Stalled, ConnectionSide.LbTcp);
        Client.Received().Abort();
        Backend.Received().Abort();
    }

    [Fact]
    public void Check_NothingMovesAndADirectionIsStuck_IsStalledAndNotIdle()
    {
        ToClient.Receive(100);

        Assert.True(EndsWithin(TimeSpan.FromMinutes(10.5)));

        AssertEnd(ConnectionEndReason.Stalled, ConnectionSide.LbTcp);
    }

    [Fact]
    public void Check_TheDestinationAcknowledges_StartsAnew()
    {
        ToClient.Receive(100);
        Client.Info.Returns(Acknowledged(1));
        Assert.False(EndsWithin(TimeSpan.FromMinutes(9)));
        Client.Info.Returns(Acknowledged(2));

        Assert.False(EndsWithin(TimeSpan.FromMinutes(10), () => Deliver(ToBackend)));
        Assert.True(EndsWithin(TimeSpan.FromMinutes(1.5), () => Deliver(ToBackend)));
    }

    // What was acknowledged during the first stall is no progress of the second one.
    [Fact]
    public void Check_TheStuckDirectionSendsAByte_StartsAnewWithTheSameLimit()
    {
        ToClient.Receive(100);
        Client.Info.Returns(Acknowledged(1));
        Assert.False(EndsWithin(TimeSpan.FromMinutes(9), () => Deliver(ToBackend)));
        Client.Info.Returns(Acknowledged(2));
        ToClient.Send(1);

        Assert.False(EndsWithin(TimeSpan.FromMinutes(9.9), () => Deliver(ToBackend)));
        Assert.True(EndsWithin(TimeSpan.FromMinutes(0.3), () => Deliver(ToBackend)));
    }

    [Fact]
    public void Check_IdleTimeoutOff_IsNeverStalled()
    {
        Options = Options with { IdleTimeout = TimeSpan.Zero };
        ToClient.Receive(100);

        Assert.False(EndsWithin(TimeSpan.FromHours(1)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Check_TheSourceOfAStuckDirectionResets_EndsAfterASecondOrTheHalfCloseTimeout(bool isUpload)
    {
        (isUpload ? ToBackend : ToClient).Receive(100);
        Assert.False(EndsWithin(isUpload ? TimeSpan.FromMinutes(5) : Step));
        (isUpload ? Client : Backend).IsReset.Returns(true);

        if (!isUpload)
            Assert.False(EndsWithin(TimeSpan.FromSeconds(29))); // a client that reads slowly gets the answer
        Assert.True(EndsWithin(TimeSpan.FromSeconds(2)));

        AssertEnd(isUpload ? ConnectionEndReason.ClientReset : ConnectionEndReason.BackendReset, (isUpload ? Client : Backend).Side);
    }

    [Fact]
    public void Check_TheSourceResetsAndTheDestinationStillAcknowledges_DoesNotEnd()
    {
        int acknowledged = 0;
        ToBackend.Receive(100);
        Client.IsReset.Returns(true);

        Assert.False(EndsWithin(TimeSpan.FromMinutes(1), () => Backend.Info.Returns(Acknowledged(++acknowledged))));
        Assert.True(EndsWithin(TimeSpan.FromSeconds(2)));
    }

    [Fact]
    public void Check_ASideResetsAfterAHalfClose_EndsSoon()
    {
        Deliver(ToBackend);
        Connection.SideEnded(ConnectionSide.Client);
        Assert.False(EndsWithin(TimeSpan.FromSeconds(5)));
        Client.IsReset.Returns(true);

        Assert.True(EndsWithin(TimeSpan.FromSeconds(2)));

        AssertEnd(ConnectionEndReason.ClientReset, ConnectionSide.Client);
    }

    // The relay waits for the acknowledgements of the other side, within the half-close timeout.
    [Fact]
    public void Check_TheRelayHasNoticedTheReset_LeavesTheRestToIt()
    {
        Deliver(ToBackend);
        Connection.SideFailed(new ConnectionException(ConnectionSide.Client, SocketError.ConnectionReset));
        Client.IsReset.Returns(true);

        Assert.False(EndsWithin(TimeSpan.FromSeconds(20)));
        Backend.DidNotReceive().Abort();
    }

    [Fact]
    public void Check_StuckAfterAHalfClose_TheHalfCloseTimeoutApplies()
    {
        Options = Options with { HalfCloseTimeout = TimeSpan.FromMinutes(20) };
        ToClient.Receive(100);
        Connection.SideEnded(ConnectionSide.Client);

        Assert.False(EndsWithin(TimeSpan.FromMinutes(15)));
        Assert.True(EndsWithin(TimeSpan.FromMinutes(6)));

        AssertEnd(ConnectionEndReason.HalfCloseTimeout, ConnectionSide.LbTcp);
    }

    [Theory]
    [InlineData(SocketError.TimedOut, ConnectionEndReason.ClientLost)]
    [InlineData(SocketError.HostUnreachable, ConnectionEndReason.ClientLost)]
    [InlineData(SocketError.ConnectionReset, ConnectionEndReason.ClientReset)]
    internal void Check_TheSourceFailsWhileItsUploadIsStuck_TellsALossFromAReset(SocketError error, ConnectionEndReason expected)
    {
        ToBackend.Receive(100);
        Client.IsReset.Returns(true);
        Client.Failure.Returns(error);

        Assert.True(EndsWithin(TimeSpan.FromSeconds(3)));

        AssertEnd(expected, ConnectionSide.Client);
    }
}
