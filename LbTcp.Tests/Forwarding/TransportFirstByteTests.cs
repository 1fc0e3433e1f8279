using System.Net.Sockets;
using LbTcp.Diagnostics;
using LbTcp.Tests.Connections;
using LbTcp.Tests.TestDoubles;
using NSubstitute;

namespace LbTcp.Tests.Forwarding;

/// <summary>Backends that send nothing, over real sockets and with every transport.</summary>
public sealed class TransportFirstByteTests
{
    private static readonly TimeSpan _limit = TimeSpan.FromMilliseconds(300);

    [Theory]
    [MemberData(nameof(Transports.All), MemberType = typeof(Transports))]
    public async Task Relay_BackendSendsNothing_ResetsBothSides(string transport)
    {
        await using var service = new TransportService(transport, firstByteTimeout: _limit);
        (Socket client, Socket backend) = await service.ConnectAsync();

        _ = await client.SendAsync("request"u8.ToArray());

        Assert.Equal(SocketError.ConnectionReset, (await client.ReceiveToEndAsync().Done()).End);
        Assert.Equal((7, SocketError.ConnectionReset), (await backend.ReceiveToEndAsync().Done()).Outcome);
        ConnectionEndRecord record = await service.RecordAsync();
        Assert.Equal((ConnectionEndReason.FirstByteTimeout, ConnectionSide.LbTcp), (record.Reason, record.EndedBy));
        Assert.Equal((7, 0), (record.Sent, record.Received));
        service.AnswerTracker.Received(1).SentNothing(service.Backend, _limit);
    }

    // The client's own end is no progress that goes on, and the backend sees it.
    [Theory]
    [MemberData(nameof(Transports.All), MemberType = typeof(Transports))]
    public async Task Relay_ClientHasFinished_IsLimitedAllTheSame(string transport)
    {
        await using var service = new TransportService(transport, firstByteTimeout: _limit);
        (Socket client, Socket backend) = await service.ConnectAsync();
        using Socket silent = backend; // open until the end

        _ = await client.SendAsync("request"u8.ToArray());
        client.Shutdown(SocketShutdown.Send);

        Assert.Equal(SocketError.ConnectionReset, (await client.ReceiveToEndAsync().Done()).End);
        Assert.Equal(ConnectionEndReason.FirstByteTimeout, (await service.RecordAsync()).Reason);
    }

    // A connection that begins later and is ended shows that the limit has passed for the one with an answer.
    [Theory]
    [MemberData(nameof(Transports.All), MemberType = typeof(Transports))]
    public async Task Relay_BackendHasAnswered_IsNotLimited(string transport)
    {
        await using var service = new TransportService(transport, firstByteTimeout: _limit);
        (Socket client, Socket backend) = await service.ConnectAsync();
        _ = await backend.SendAsync("banner"u8.ToArray());
        byte[] banner = new byte[6];
        Assert.Equal(6, await client.ReceiveAsync(banner).WaitAsync(Until.Patience));
        _ = await client.SendAsync("request"u8.ToArray());
        (Socket idle, Socket idleBackend) = await service.ConnectAsync();
        (Socket silent, Socket silentBackend) = await service.ConnectAsync();
        using Socket open = silentBackend; // until the end
        _ = await silent.SendAsync("request"u8.ToArray());

        _ = await silent.ReceiveToEndAsync().Done();

        await Until.TrueAsync(() => service.Records.Count > 0, "the record of the silent connection");
        Assert.Equal(ConnectionEndReason.FirstByteTimeout, Assert.Single(service.Records).Reason);
        foreach ((Socket from, Socket to) in new[] { (backend, client), (idleBackend, idle) })
        {
            _ = await from.SendAsync("late"u8.ToArray());
            Assert.Equal(4, await to.ReceiveAsync(banner).WaitAsync(Until.Patience));
        }
    }
}
