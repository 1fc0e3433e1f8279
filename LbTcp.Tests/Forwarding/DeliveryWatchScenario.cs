using System.Net;
using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Diagnostics;
using LbTcp.Forwarding;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;

namespace LbTcp.Tests.Forwarding;

/// <summary>A relayed connection whose directions and peers a test plays, and the sweeps that watch it.</summary>
public abstract class DeliveryWatchScenario
{
    private protected static TimeSpan Step { get; } = TimeSpan.FromMilliseconds(250);

    private protected FakeTimeProvider Clock { get; } = new();

    private protected IConnection Client { get; } = Substitute.For<IConnection>();

    private protected IConnection Backend { get; } = Substitute.For<IConnection>();

    private protected CountingTransfer ToBackend { get; } = new();

    private protected CountingTransfer ToClient { get; } = new();

    private protected ActiveConnection Connection { get; }

    private protected ForwardingOptions Options { get; set; } =
        new() { IdleTimeout = TimeSpan.FromMinutes(10), DeadPeerTimeout = TimeSpan.Zero };

    protected DeliveryWatchScenario()
    {
        Client.Side.Returns(ConnectionSide.Client);
        Client.RemoteEndPoint.Returns(IPEndPoint.Parse("192.0.2.1:50000"));
        Backend.Side.Returns(ConnectionSide.Backend);
        Connection = new ActiveConnection(1, Client, Clock);
        Connection.Dial.Established(Backend);
        Connection.BytesMove(ToBackend, ToClient);
    }

    private protected static TcpInfo Acknowledged(long bytes) => new() { BytesAcknowledged = bytes };

    private protected static void Deliver(CountingTransfer transfer)
    {
        transfer.Receive(1);
        transfer.Send(1);
    }

    // With the sweeps of that time; stops at the end.
    private protected bool EndsWithin(TimeSpan time, Action? beforeSweep = null)
    {
        for (TimeSpan left = time; left > TimeSpan.Zero && !Connection.IsDecided; left -= Step)
        {
            beforeSweep?.Invoke();
            Connection.CheckTimers(Options);
            Clock.Advance(Step);
        }

        return Connection.IsDecided;
    }

    private protected void AssertEnd(ConnectionEndReason reason, ConnectionSide side)
    {
        ConnectionEndRecord record = Connection.ToRecord();
        Assert.Equal((reason, side), (record.Reason, record.EndedBy));
    }
}
