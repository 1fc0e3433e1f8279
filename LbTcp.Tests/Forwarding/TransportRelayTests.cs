using System.Net.Sockets;
using LbTcp.Diagnostics;
using LbTcp.Tests.Connections;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Forwarding;

/// <summary>The relay over real sockets, with every transport.</summary>
public sealed class TransportRelayTests
{
    private const int Mebibyte = 1024 * 1024;

    [Theory]
    [MemberData(nameof(Transports.WithUnixOnEitherSide), MemberType = typeof(Transports))]
    public async Task Relay_BulkBothWaysAtOnce_ArrivesUnchanged(string transport)
    {
        await using var service = new TransportService(transport);
        (Socket client, Socket backend) = await service.ConnectAsync();
        Task<RawSockets.Received> atBackend = backend.ReceiveToEndAsync();
        Task<RawSockets.Received> atClient = client.ReceiveToEndAsync();

        string[] sent = await Task.WhenAll(
            SendAndFinishAsync(client, seed: 1, 48 * Mebibyte), SendAndFinishAsync(backend, seed: 2, 40 * Mebibyte)).Done();

        Assert.Equal(new RawSockets.Received(48 * Mebibyte, sent[0], SocketError.Success), await atBackend.Done());
        Assert.Equal(new RawSockets.Received(40 * Mebibyte, sent[1], SocketError.Success), await atClient.Done());
        ConnectionEndRecord record = await service.RecordAsync();
        Assert.Equal(ConnectionEndReason.Completed, record.Reason);
        Assert.Equal((48 * Mebibyte, 40 * Mebibyte, 0), (record.Sent, record.Received, record.Undelivered));
    }

    [Theory]
    [MemberData(nameof(Transports.WithUnixOnEitherSide), MemberType = typeof(Transports))]
    public async Task Relay_ManyTurns_AnswersEveryRequest(string transport)
    {
        await using var service = new TransportService(transport);
        (Socket client, Socket backend) = await service.ConnectAsync();

        for (int turn = 1; turn <= 300; turn++)
        {
            _ = await client.SendAsync(new byte[turn]);
            _ = await backend.ReceiveExactlyAsync(turn);
            _ = await backend.SendAsync(new byte[2 * turn]);
            _ = await client.ReceiveExactlyAsync(2 * turn);
        }

        client.Dispose();
        backend.Dispose();
        ConnectionEndRecord record = await service.RecordAsync();
        Assert.Equal((45_150, 90_300), (record.Sent, record.Received));
    }

    [Theory]
    [MemberData(nameof(Transports.WithUnixOnEitherSide), MemberType = typeof(Transports))]
    public async Task Relay_ClientFinishesFirst_TheBackendsAnswerStillArrives(string transport)
    {
        await using var service = new TransportService(transport);
        (Socket client, Socket backend) = await service.ConnectAsync();

        string request = await SendAndFinishAsync(client, seed: 1, 4);
        Assert.Equal(new RawSockets.Received(4, request, SocketError.Success), await backend.ReceiveToEndAsync().Done());
        Task<RawSockets.Received> atClient = client.ReceiveToEndAsync();
        string answer = await SendAndFinishAsync(backend, seed: 2, 4 * Mebibyte);

        Assert.Equal(new RawSockets.Received(4 * Mebibyte, answer, SocketError.Success), await atClient.Done());
        ConnectionEndRecord record = await service.RecordAsync();
        Assert.Equal((ConnectionEndReason.Completed, ConnectionSide.Client), (record.Reason, record.EndedBy));
    }

    [Theory]
    [MemberData(nameof(Transports.WithUnixOnEitherSide), MemberType = typeof(Transports))]
    public async Task Relay_BackendFinishesFirst_TheClientsRestStillArrives(string transport)
    {
        await using var service = new TransportService(transport);
        (Socket client, Socket backend) = await service.ConnectAsync();

        backend.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, (await client.ReceiveToEndAsync().Done()).Length);
        await Until.TrueAsync(() => service.Counted == 0, "the backend that is done has room for others");
        Task<RawSockets.Received> atBackend = backend.ReceiveToEndAsync();
        string sent = await SendAndFinishAsync(client, seed: 1, 4 * Mebibyte);

        Assert.Equal(new RawSockets.Received(4 * Mebibyte, sent, SocketError.Success), await atBackend.Done());
        ConnectionEndRecord record = await service.RecordAsync();
        Assert.Equal((ConnectionEndReason.Completed, ConnectionSide.Backend), (record.Reason, record.EndedBy));
    }

    [Theory]
    [MemberData(nameof(Transports.WithUnixOnEitherSide), MemberType = typeof(Transports))]
    public async Task Relay_SenderClosesAtOnce_EverythingArrives(string transport)
    {
        await using var service = new TransportService(transport);
        (Socket client, Socket backend) = await service.ConnectAsync(clientReceiveBuffer: TransportService.SmallBuffer);
        Task<RawSockets.Received> atClient = client.ReceiveToEndAsync();

        string sent = await backend.SendNoiseAsync(seed: 1, 4 * Mebibyte);
        backend.Dispose();

        Assert.Equal(new RawSockets.Received(4 * Mebibyte, sent, SocketError.Success), await atClient.Done());
        client.Dispose();
        Assert.Equal(ConnectionEndReason.Completed, (await service.RecordAsync()).Reason);
    }

    [Theory]
    [MemberData(nameof(Transports.WithUnixOnEitherSide), MemberType = typeof(Transports))]
    public async Task Relay_BothSidesFinishAtTheSameMoment_IsCompleteEveryTime(string transport)
    {
        await using var service = new TransportService(transport);
        for (int i = 0; i < 300; i++)
        {
            (Socket client, Socket backend) = await service.ConnectAsync();
            using (client)
            using (backend)
            {
                _ = client.Send(new byte[3]);
                _ = backend.Send(new byte[2]);
                await Task.WhenAll(
                    Task.Run(() => client.Shutdown(SocketShutdown.Send)), Task.Run(() => backend.Shutdown(SocketShutdown.Send)));

                RawSockets.Received[] received = await Task.WhenAll(client.ReceiveToEndAsync(), backend.ReceiveToEndAsync()).Done();
                Assert.Equal([(2, SocketError.Success), (3, SocketError.Success)], received.Select(side => (side.Length, side.End)));
            }
        }

        await Until.TrueAsync(() => service.Connections.Count == 0, "all have ended");
        Assert.All(service.Records, record => Assert.Equal(ConnectionEndReason.Completed, record.Reason));
    }

    [Theory]
    [MemberData(nameof(Transports.WithUnixOnEitherSide), MemberType = typeof(Transports))]
    public async Task Relay_ClientDoesNotRead_HoldsTheBackendBackAndLosesNothing(string transport)
    {
        const int Length = 64 * Mebibyte;
        await using var service = new TransportService(transport);
        (Socket client, Socket backend) = await service.ConnectAsync(clientReceiveBuffer: TransportService.SmallBuffer);
        long taken = 0;
        Task<string> sending = Task.Run(async () =>
        {
            string digest = await backend.SendNoiseAsync(seed: 1, Length, sent => Interlocked.Add(ref taken, sent));
            backend.Shutdown(SocketShutdown.Send);
            return digest;
        });

        long stalledAt = await Until.UnchangedAsync(() => Interlocked.Read(ref taken), TimeSpan.FromMilliseconds(200));
        Assert.InRange(stalledAt, 1, Length - 1);
        RawSockets.Received received = await client.ReceiveToEndAsync().Done();

        Assert.Equal(new RawSockets.Received(Length, await sending.Done(), SocketError.Success), received);
    }

    private static async Task<string> SendAndFinishAsync(Socket socket, int seed, long length)
    {
        string digest = await socket.SendNoiseAsync(seed, length);
        socket.Shutdown(SocketShutdown.Send);
        return digest;
    }
}
