using System.Net.Sockets;
using LbTcp.Diagnostics;
using LbTcp.Tests.Connections;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Forwarding;

/// <summary>
/// The queue over real sockets, with every transport: clients that waited live on different threads than those that made room.
/// </summary>
public sealed class TransportQueueTests
{
    private const int Clients = 12;

    [Theory]
    [MemberData(nameof(Transports.All), MemberType = typeof(Transports))]
    public async Task Queue_MoreClientsThanSlots_ServesEachInTurn(string transport)
    {
        await using var service = new TransportService(transport, backendLimit: 1);
        Socket[] clients = new Socket[Clients];
        for (int i = 0; i < Clients; i++)
        {
            clients[i] = await service.ConnectClientAsync();
            _ = await clients[i].SendAsync(new byte[] { (byte)i });
            await Until.TrueAsync(() => service.Counted == 1 && service.Waiting == i, "the client has the slot, or its place in the queue");
        }

        for (int i = 0; i < Clients; i++)
        {
            using Socket backend = await service.AcceptAsync();
            Assert.Equal([(byte)i], await backend.ReceiveExactlyAsync(1));
            Assert.Equal(1, service.Open);
            _ = await backend.SendAsync(new byte[100_000]);
            _ = await clients[i].ReceiveExactlyAsync(100_000);
            clients[i].Dispose();
        }

        await Until.TrueAsync(() => service.Connections.Count == 0, "all have ended");
        Assert.Equal((0, 0), (service.Open, service.Waiting));
        Assert.Equal(Enumerable.Range(0, Clients), service.Records.Select(record => record.QueueLength));
        Assert.All(service.Records, record => Assert.Equal((1, 100_000), (record.Sent, record.Received)));
    }

    [Theory]
    [MemberData(nameof(Transports.All), MemberType = typeof(Transports))]
    public async Task Queue_ClientLeaves_IsNoticedWhileItWaits(string transport)
    {
        await using var service = new TransportService(transport, backendLimit: 1);
        (Socket first, Socket backend) = await service.ConnectAsync();
        using IDisposable keptOpen = first;
        using IDisposable keptOpenToo = backend;
        Socket client = await service.ConnectClientAsync();
        await Until.TrueAsync(() => service.Waiting == 1, "the client waits");

        client.Reset();

        await Until.TrueAsync(() => service.Records.Count == 1 && service.Waiting == 0, "the client was given up");
        Assert.Equal(ConnectionEndReason.ClientReset, service.Records[0].Reason);
    }
}
