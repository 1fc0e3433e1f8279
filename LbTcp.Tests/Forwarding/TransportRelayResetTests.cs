using System.Net.Sockets;
using LbTcp.Diagnostics;
using LbTcp.Tests.Connections;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Forwarding;

/// <summary>What the other side gets of a reset, and what of the bytes before it, over real sockets and with every transport.</summary>
public sealed class TransportRelayResetTests
{
    private const int Mebibyte = 1024 * 1024;

    [Theory]
    [MemberData(nameof(Transports.All), MemberType = typeof(Transports))]
    public async Task Relay_BackendResetsAndTheClientIsSlow_ClientGetsAllAndThenAReset(string transport)
    {
        await using var service = new TransportService(transport);
        (Socket client, Socket backend) = await service.ConnectAsync(clientReceiveBuffer: TransportService.SmallBuffer);

        (string sent, RawSockets.Received received) = await SendAndResetAsync(backend, client, 8 * Mebibyte);

        Assert.Equal(new RawSockets.Received(8 * Mebibyte, sent, SocketError.ConnectionReset), received);
        ConnectionEndRecord record = await service.RecordAsync();
        Assert.Equal((ConnectionEndReason.BackendReset, ConnectionSide.Backend), (record.Reason, record.EndedBy));
        Assert.Equal((8 * Mebibyte, 0), (record.Received, record.Undelivered));
    }

    [Theory]
    [MemberData(nameof(Transports.All), MemberType = typeof(Transports))]
    public async Task Relay_ClientResetsAndTheBackendIsSlow_BackendGetsAllAndThenAReset(string transport)
    {
        await using var service = new TransportService(transport);
        (Socket client, Socket backend) = await service.ConnectAsync(backendReceiveBuffer: TransportService.SmallBuffer);

        (string sent, RawSockets.Received received) = await SendAndResetAsync(client, backend, 8 * Mebibyte);

        Assert.Equal(new RawSockets.Received(8 * Mebibyte, sent, SocketError.ConnectionReset), received);
        ConnectionEndRecord record = await service.RecordAsync();
        Assert.Equal((ConnectionEndReason.ClientReset, ConnectionSide.Client), (record.Reason, record.EndedBy));
        Assert.Equal((8 * Mebibyte, 0), (record.Sent, record.Undelivered));
    }

    // The write to the backend fails first; its last words must reach the client all the same, and not with a clean end.
    [Theory]
    [MemberData(nameof(Transports.All), MemberType = typeof(Transports))]
    public async Task Relay_BackendResetsAnUpload_ClientGetsItsLastWordsAndThenAReset(string transport)
    {
        await using var service = new TransportService(transport);
        (Socket client, Socket backend) = await service.ConnectAsync(backendReceiveBuffer: TransportService.SmallBuffer);
        Task upload = client.SendNoiseAsync(seed: 1, 100 * Mebibyte);

        string lastWords = await backend.SendNoiseAsync(seed: 2, 10_000);
        await backend.FlushedAsync();
        backend.Reset(); // with unread input

        // The client's system reports the reset to one of the two only, and the end of the stream to the other.
        RawSockets.Received received = await client.ReceiveToEndAsync().Done();
        Assert.Equal((10_000, lastWords), (received.Length, received.Digest));
        _ = await Assert.ThrowsAsync<SocketException>(() => upload.Done());
        Assert.Equal(ConnectionEndReason.BackendReset, (await service.RecordAsync()).Reason);
    }

    // The client already has the backend's FIN: only a reset tells it that its upload was lost.
    [Theory]
    [MemberData(nameof(Transports.All), MemberType = typeof(Transports))]
    public async Task Relay_BackendFinishesAndThenResetsTheUpload_ClientIsReset(string transport)
    {
        await using var service = new TransportService(transport);
        (Socket client, Socket backend) = await service.ConnectAsync();
        backend.Shutdown(SocketShutdown.Send);
        Assert.Equal(SocketError.Success, (await client.ReceiveToEndAsync().Done()).End);

        backend.Reset();
        _ = await client.SendAsync(new byte[1]);

        Assert.Equal(ConnectionEndReason.BackendReset, (await service.RecordAsync()).Reason);
        _ = await Assert.ThrowsAsync<SocketException>(async () => await client.SendAsync(new byte[1])); // after a FIN no receive tells
    }

    [Theory]
    [MemberData(nameof(Transports.All), MemberType = typeof(Transports))]
    public async Task Relay_ClientResetsADownload_BackendIsReset(string transport)
    {
        await using var service = new TransportService(transport);
        (Socket client, Socket backend) = await service.ConnectAsync(clientReceiveBuffer: TransportService.SmallBuffer);
        long sent = 0;
        Task download = backend.SendNoiseAsync(seed: 1, 100 * Mebibyte, count => Interlocked.Add(ref sent, count));

        _ = await client.ReceiveExactlyAsync(Mebibyte);
        await Until.UnchangedAsync(() => Volatile.Read(ref sent), TimeSpan.FromMilliseconds(300)); // now bytes are under way
        client.Reset();

        _ = await Assert.ThrowsAsync<SocketException>(() => download.Done());
        ConnectionEndRecord record = await service.RecordAsync();
        Assert.Equal(ConnectionEndReason.ClientReset, record.Reason);
        Assert.InRange(record.Received, Mebibyte, 100 * Mebibyte);
        Assert.True(record.Undelivered > 0);
    }

    [Theory]
    [MemberData(nameof(Transports.All), MemberType = typeof(Transports))]
    public async Task Relay_OneSideResetsWhileTheOtherReadsNothing_TheOtherIsReset(string transport)
    {
        foreach (bool isClient in new[] { true, false })
        {
            await using var service = new TransportService(transport, halfCloseTimeout: TimeSpan.FromSeconds(1));
            (Socket client, Socket backend) = await service.ConnectAsync(TransportService.SmallBuffer, TransportService.SmallBuffer);
            (Socket sender, Socket reader) = isClient ? (client, backend) : (backend, client);
            long sent = 0;
            Task sending = sender.SendNoiseAsync(seed: 1, 100 * Mebibyte, count => Interlocked.Add(ref sent, count));
            await Until.UnchangedAsync(() => Volatile.Read(ref sent), TimeSpan.FromMilliseconds(300));

            sender.Reset();

            ConnectionEndRecord record = await service.RecordAsync();
            Assert.Equal(isClient ? ConnectionEndReason.ClientReset : ConnectionEndReason.BackendReset, record.Reason);
            Assert.True(record.Undelivered > 0);
            Assert.Equal(SocketError.ConnectionReset, (await reader.ReceiveToEndAsync().Done()).End);
            _ = await Assert.ThrowsAnyAsync<Exception>(() => sending.Done());
        }
    }

    [Theory]
    [MemberData(nameof(Transports.All), MemberType = typeof(Transports))]
    public async Task Relay_OneSideResetsWhileNothingMoves_TheOtherIsReset(string transport)
    {
        foreach (bool isClient in new[] { true, false })
        {
            await using var service = new TransportService(transport);
            (Socket client, Socket backend) = await service.ConnectAsync();
            _ = await client.SendAsync(new byte[1]);
            _ = await backend.ReceiveExactlyAsync(1); // else the reset may pass for a failed dial

            (isClient ? client : backend).Reset();

            Assert.Equal(SocketError.ConnectionReset, (await (isClient ? backend : client).ReceiveToEndAsync().Done()).End);
            Assert.Equal(
                isClient ? ConnectionEndReason.ClientReset : ConnectionEndReason.BackendReset, (await service.RecordAsync()).Reason);
        }
    }

    [Theory]
    [MemberData(nameof(Transports.All), MemberType = typeof(Transports))]
    public async Task Relay_ResetAfterAHalfClose_IsStillAReset(string transport)
    {
        await using var service = new TransportService(transport);
        (Socket client, Socket backend) = await service.ConnectAsync();
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal(SocketError.Success, (await backend.ReceiveToEndAsync().Done()).End);

        string sent = await backend.SendNoiseAsync(seed: 1, 5_000);
        await backend.FlushedAsync();
        backend.Reset();

        Assert.Equal(new RawSockets.Received(5_000, sent, SocketError.ConnectionReset), await client.ReceiveToEndAsync().Done());
        Assert.Equal(ConnectionEndReason.BackendReset, (await service.RecordAsync()).Reason);
    }

    // The sender resets as soon as the balancer's system has everything: much of it is still in the balancer then.
    private static async Task<(string Sent, RawSockets.Received Received)> SendAndResetAsync(Socket sender, Socket receiver, long length)
    {
        Task<string> sending = sender.SendNoiseAsync(seed: 1, length);
        Task<RawSockets.Received> receiving = receiver.ReceiveToEndAsync(chunkSize: 4_000);
        string sent = await sending.Done();
        await sender.FlushedAsync();
        sender.Reset();
        return (sent, await receiving.Done());
    }
}
