using LbTcp.Connections;
using LbTcp.Diagnostics;
using NSubstitute;

namespace LbTcp.Tests.Forwarding;

/// <summary>Peers that have vanished, as the sweep finds them.</summary>
public sealed class DeliveryWatchPeerTests : DeliveryWatchScenario
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Check_APeerAcknowledgesNothing_IsLost(bool isClient)
    {
        Options = Options with { DeadPeerTimeout = TimeSpan.FromMinutes(1) };
        (IConnection lost, IConnection living) = isClient ? (Client, Backend) : (Backend, Client);
        int retries = 0;
        TimeSpan silent = TimeSpan.Zero;
        living.Info.Returns(new TcpInfo { IsFlushed = true });

        Assert.False(EndsWithin(TimeSpan.FromSeconds(59), Retry));
        Assert.True(EndsWithin(TimeSpan.FromSeconds(17), Retry));

        AssertEnd(isClient ? ConnectionEndReason.ClientLost : ConnectionEndReason.BackendLost, lost.Side);

        // Bytes that are sent to the peer are no answer of it.
        void Retry()
        {
            Deliver(isClient ? ToClient : ToBackend);
            silent += Step;
            lost.Info.Returns(new TcpInfo { IsUnanswered = true, Retries = ++retries, SinceAcknowledgement = silent });
        }
    }

    [Fact]
    public void Check_APeerReadsNothingButAnswersProbes_IsNotLost()
    {
        Options = Options with { DeadPeerTimeout = TimeSpan.FromMinutes(1), IdleTimeout = TimeSpan.Zero };
        Deliver(ToClient);
        Client.Info.Returns(new TcpInfo { IsFlushed = false, SinceAcknowledgement = TimeSpan.FromSeconds(119) });

        Assert.False(EndsWithin(TimeSpan.FromHours(1)));
    }

    [Fact]
    public void Check_EverythingWasAcknowledged_AsksNoMoreUntilBytesMove()
    {
        Options = Options with { DeadPeerTimeout = TimeSpan.FromMinutes(1), IdleTimeout = TimeSpan.Zero };
        Client.Info.Returns(new TcpInfo { IsFlushed = true });
        Backend.Info.Returns(new TcpInfo { IsFlushed = true });
        Deliver(ToClient);
        Assert.False(EndsWithin(TimeSpan.FromSeconds(20)));
        Client.ClearReceivedCalls();

        Assert.False(EndsWithin(TimeSpan.FromHours(1)));
        _ = Client.DidNotReceive().Info;

        Deliver(ToClient);
        Assert.False(EndsWithin(TimeSpan.FromSeconds(20)));
        _ = Client.Received(1).Info;
    }

    [Fact]
    public void Check_BytesMoveAllTheTime_AsksFourTimesPerTimeout()
    {
        Options = Options with { DeadPeerTimeout = TimeSpan.FromMinutes(1) };
        Client.Info.Returns(new TcpInfo { IsUnanswered = true });

        Assert.False(EndsWithin(TimeSpan.FromMinutes(10), () => Deliver(ToClient)));

        Assert.InRange(Client.ReceivedCalls().Count(call => call.GetMethodInfo().Name == "get_Info"), 35, 42);
    }

    // The peer vanishes between a question that found nothing in the system and the bytes that were still to be sent at that time.
    [Fact]
    public void Check_BytesAreSentAfterTheLastQuestion_AsksAgainBeforeItForgetsThePeer()
    {
        Options = Options with { DeadPeerTimeout = TimeSpan.FromMinutes(1), IdleTimeout = TimeSpan.Zero };
        Client.Info.Returns(new TcpInfo { IsFlushed = true });
        Backend.Info.Returns(new TcpInfo { IsFlushed = true });
        ToClient.Receive(1);
        Assert.False(EndsWithin(TimeSpan.FromSeconds(16)));

        ToClient.Send(1);
        int retries = 0;
        Assert.True(EndsWithin(TimeSpan.FromMinutes(2), () => Client.Info.Returns(
            new TcpInfo { IsUnanswered = true, Retries = ++retries, SinceAcknowledgement = TimeSpan.FromHours(1) })));
    }
}
