using LbTcp.Connections;
using LbTcp.Diagnostics;
using LbTcp.Forwarding;
using NSubstitute;

namespace LbTcp.Tests.Forwarding;

/// <summary>Clients that take and send less than the minimum rate, as the sweep finds them.</summary>
public sealed class ClientPaceTests : DeliveryWatchScenario
{
    private const int Rate = 1000; // bytes per second
    private const long Megabytes = 8 * 1024 * 1024;

    private static readonly TimeSpan _sweeps = TimeSpan.FromSeconds(2); // until a sweep has asked

    private long _acknowledged;
    private double _part;

    public ClientPaceTests()
    {
        Options = Options with { MinRate = Rate };
        Backend.Info.Returns(new TcpInfo { IsFlushed = true });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Check_ClientTakesNothing_EndsAsTooSlow(bool waitsInTheSystem)
    {
        Send(waitsInTheSystem);

        Assert.False(EndsWithin(ClientPace.Grace));
        Assert.True(EndsWithin(_sweeps));

        AssertEnd(ConnectionEndReason.ClientTooSlow, ConnectionSide.LbTcp);
        Client.Received().Abort();
        Backend.Received().Abort();
    }

    [Fact]
    public void Check_LimitIsOff_NeverEndsAndAsksNothing()
    {
        Options = Options with { MinRate = 0, IdleTimeout = TimeSpan.Zero };
        Send(waitsInTheSystem: true);

        Assert.False(EndsWithin(TimeSpan.FromHours(1)));

        _ = Client.DidNotReceive().Info;
    }

    [Theory]
    [InlineData(1.01, false)]
    [InlineData(0.9, true)]
    [InlineData(0.1, true)]
    public void Check_ClientTakesSteadily_EndsBelowTheRateOnly(double share, bool ends)
    {
        Send(waitsInTheSystem: true);

        Assert.Equal(ends, EndsWithin(TimeSpan.FromMinutes(5), () => Take(share * Rate * Step.TotalSeconds)));
    }

    [Theory]
    [InlineData(1.01, false)]
    [InlineData(0.9, true)]
    public void Check_ClientTakesNothingButSends_EndsBelowTheRateOnly(double share, bool ends)
    {
        Send(waitsInTheSystem: false);

        Assert.Equal(ends, EndsWithin(TimeSpan.FromMinutes(5), () =>
        {
            _part += share * Rate * Step.TotalSeconds;
            ToBackend.Receive((long)_part - ToBackend.BytesReceived);
            ToBackend.Send(ToBackend.BytesReceived - ToBackend.BytesSent);
        }));
    }

    // Its system has much room, and announces it only in steps of a sixteenth.
    [Fact]
    public void Check_SystemOfTheClientTakesLargeSteps_IsNotTooSlow()
    {
        Send(waitsInTheSystem: true);
        long read = 0;

        Assert.False(EndsWithin(TimeSpan.FromHours(1), () =>
        {
            read += (long)(1.1 * Rate * Step.TotalSeconds);
            if (read - _acknowledged + (4 * 1024 * 1024) > 4 * 1024 * 1024 / 16)
                Take(4 * 1024 * 1024 / 16);
        }));
    }

    [Fact]
    public void Check_ClientHasTakenMuchAndThenStops_EndsSoon()
    {
        Send(waitsInTheSystem: true);
        Assert.False(EndsWithin(TimeSpan.FromSeconds(10), () => Take(1024 * 1024)));

        TimeSpan longest = ClientPace.Grace + TimeSpan.FromSeconds((double)ClientPace.Step / Rate);
        Assert.False(EndsWithin(longest - TimeSpan.FromSeconds(10)));
        Assert.True(EndsWithin(TimeSpan.FromSeconds(10) + _sweeps));
    }

    [Fact]
    public void Check_NothingWaitsForTheClient_IsNeverTooSlow()
    {
        Deliver(ToClient);
        Client.Info.Returns(new TcpInfo { IsFlushed = true });

        Assert.False(EndsWithin(TimeSpan.FromMinutes(9)));
    }

    [Fact]
    public void Check_AllWasTakenInBetween_BeginsAnew()
    {
        Send(waitsInTheSystem: true);
        Assert.False(EndsWithin(TimeSpan.FromSeconds(8)));
        Client.Info.Returns(new TcpInfo { IsFlushed = true, BytesAcknowledged = 1 });
        Assert.False(EndsWithin(_sweeps));
        Send(waitsInTheSystem: true);

        Assert.False(EndsWithin(TimeSpan.FromSeconds(9)));
        Assert.True(EndsWithin(TimeSpan.FromSeconds(1) + (2 * _sweeps)));
    }

    [Fact]
    public void Check_BackendHasFinished_TheLimitAppliesToTheRest()
    {
        Options = Options with { HalfCloseTimeout = TimeSpan.FromMinutes(5) };
        Send(waitsInTheSystem: true);
        Connection.SideEnded(ConnectionSide.Backend);

        Assert.True(EndsWithin(ClientPace.Grace + _sweeps));
        AssertEnd(ConnectionEndReason.ClientTooSlow, ConnectionSide.LbTcp);
    }

    [Fact]
    public void Check_ReloadSetsTheLimit_AppliesToOpenConnections()
    {
        Options = Options with { MinRate = 0 };
        Send(waitsInTheSystem: false);
        Assert.False(EndsWithin(TimeSpan.FromMinutes(5)));

        Options = Options with { MinRate = Rate };

        Assert.True(EndsWithin(ClientPace.Grace + _sweeps));
    }

    private void Send(bool waitsInTheSystem)
    {
        ToClient.Receive(Megabytes);
        if (!waitsInTheSystem)
            return;
        ToClient.Send(Megabytes);
        Take(0);
    }

    private void Take(double bytes)
    {
        _part += bytes;
        _acknowledged = (long)_part;
        Client.Info.Returns(new TcpInfo { BytesAcknowledged = _acknowledged });
    }
}
