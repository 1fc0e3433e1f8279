using LbTcp.Tests.EndToEnd.Harness;

namespace LbTcp.Tests.EndToEnd;

/// <summary>A slow reader slows down its own peer only, and its connection takes no memory meanwhile.</summary>
public sealed class BackPressureTests : EndToEndScenario
{
    private const int MiB = 1024 * 1024;

    [Theory, ClassData(typeof(TransportNames))]
    public async Task Answer_ClientDoesNotReadUntilTheBackendHasFinished_ArrivesWhole(string transport)
    {
        TestBackend backend = Backend();
        LbTcpProcess lbtcp = await StartAsync(backend, "--transport", transport);
        var (client, served) = await ConnectAsync(lbtcp, backend, receiveBuffer: 64 * 1024);

        await WithoutReaderAsync(lbtcp, served, client);
    }

    [Theory, ClassData(typeof(TransportNames))]
    public async Task Upload_BackendDoesNotReadUntilTheClientHasFinished_ArrivesWhole(string transport)
    {
        TestBackend backend = Backend(receiveBuffer: 64 * 1024);
        LbTcpProcess lbtcp = await StartAsync(backend, "--transport", transport);
        var (client, served) = await ConnectAsync(lbtcp, backend);

        await WithoutReaderAsync(lbtcp, client, served);
    }

    [Theory, ClassData(typeof(TransportNames))]
    public async Task SlowReader_OfABigAnswer_DelaysNobodyElse(string transport)
    {
        TestBackend backend = Backend();
        LbTcpProcess lbtcp = await StartAsync(backend, "--transport", transport);
        var (slow, feeding) = await ConnectAsync(lbtcp, backend, receiveBuffer: 16 * 1024);
        Task feed = feeding.SendAsync(new byte[100 * 1024 * 1024]);
        long memory = lbtcp.Facts.ResidentBytes;

        for (int i = 0; i < 100; i++)
        {
            await slow.ReceiveAsync(1024);
            var (client, served) = await ConnectAsync(lbtcp, backend);
            await client.SendAsync("hi");
            Assert.Equal("hi", await served.ReceiveTextAsync(2));
            client.Close();
        }

        Assert.InRange(lbtcp.Facts.ResidentBytes - memory, long.MinValue, 48 * 1024 * 1024);
        Assert.False(feed.IsCompleted);
        slow.Reset();
        await Assert.ThrowsAsync<System.Net.Sockets.SocketException>(() => feed);
    }

    // Far more than all system buffers on the way can hold: without back-pressure the rest would pile up in the program.
    private static async Task WithoutReaderAsync(LbTcpProcess lbtcp, TestConnection sender, TestConnection reader)
    {
        byte[] bytes = Payload.Random(128 * MiB);
        long memory = lbtcp.Facts.ResidentBytes;

        Task sending = FinishAfterAsync(sender, bytes);
        long taken = await Until.UnchangedAsync(() => sender.Sent, TimeSpan.FromMilliseconds(500));

        Assert.InRange(taken, 1, 96 * MiB);
        Assert.InRange(lbtcp.Facts.ResidentBytes - memory, long.MinValue, 48 * MiB);
        Assert.Equal(Payload.Hash(bytes), Payload.Hash(await reader.ReceiveToEndAsync()));
        await sending;
    }

    private static async Task FinishAfterAsync(TestConnection sender, byte[] bytes)
    {
        await sender.SendAsync(bytes);
        sender.FinishSending();
    }
}
