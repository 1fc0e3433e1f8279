using System.Diagnostics;
using System.Text;
using LbTcp.Tests.EndToEnd.Harness;

namespace LbTcp.Tests.EndToEnd;

/// <summary>Bytes arrive as they were sent, in both directions, whichever side is slow.</summary>
public sealed class RelayTests : EndToEndScenario
{
    private const int MiB = 1024 * 1024;

    [Theory, ClassData(typeof(TransportNames))]
    public async Task Turns_OnOneConnection_AreCarriedByOneBackendConnection(string transport)
    {
        TestBackend backend = Backend();
        LbTcpProcess lbtcp = await StartAsync(backend, "--transport", transport);
        var (client, served) = await ConnectAsync(lbtcp, backend);

        for (int turn = 1; turn <= 5; turn++)
        {
            await client.SendAsync($"foo{turn}");
            Assert.Equal($"foo{turn}", await served.ReceiveTextAsync(4));
            await served.SendAsync($"bar{turn}");
            Assert.Equal($"bar{turn}", await client.ReceiveTextAsync(4));
        }

        Assert.Equal(1, backend.Accepted);
    }

    [Theory, ClassData(typeof(TransportNames))]
    public async Task Banner_ClientIsSilent_ReachesTheClient(string transport)
    {
        TestBackend backend = Backend(Behaviours.Banner("220 ready\r\n"));
        LbTcpProcess lbtcp = await StartAsync(backend, "--transport", transport);

        TestConnection client = await ConnectAsync(lbtcp);

        Assert.Equal("220 ready\r\n", await client.ReceiveTextAsync(11));
    }

    [Theory, ClassData(typeof(TransportNames))]
    public async Task Bulk_BothWaysAtOnce_ArrivesExactlyInFlatMemory(string transport)
    {
        byte[] question = Payload.Random(64 * MiB, seed: 1);
        byte[] answer = Payload.Random(64 * MiB, seed: 2);
        TestBackend backend = Backend();
        LbTcpProcess lbtcp = await StartAsync(backend, "--transport", transport);
        var (client, served) = await ConnectAsync(lbtcp, backend);
        long memory = lbtcp.Facts.ResidentBytes;

        Task<byte[]> received = client.ReceiveAsync(answer.Length);
        Task<byte[]> sent = served.ReceiveAsync(question.Length);
        await Task.WhenAll(client.SendAsync(question), served.SendAsync(answer));

        Assert.Equal(Payload.Hash(question), Payload.Hash(await sent));
        Assert.Equal(Payload.Hash(answer), Payload.Hash(await received));
        Assert.InRange(lbtcp.Facts.ResidentBytes - memory, long.MinValue, 48 * MiB);
    }

    [Theory, ClassData(typeof(TransportNames))]
    public async Task Request_ClientClosesAtOnce_ReachesTheBackend(string transport)
    {
        TestBackend backend = Backend();
        LbTcpProcess lbtcp = await StartAsync(backend, "--transport", transport);
        TestConnection client = await ConnectAsync(lbtcp);

        await client.SendAsync("hello");
        client.Close();

        TestConnection served = await backend.AcceptAsync();
        Assert.Equal("hello", await served.ReceiveTextToEndAsync());
    }

    [Theory, MemberData(nameof(TransportsAndLengths))]
    public async Task Answer_BackendClosesAtOnce_ReachesTheClient(string transport, int length)
    {
        byte[] answer = Payload.Random(length);
        TestBackend backend = Backend();
        LbTcpProcess lbtcp = await StartAsync(backend, "--transport", transport);
        var (client, served) = await ConnectAsync(lbtcp, backend);

        Task<byte[]> received = client.ReceiveToEndAsync();
        await served.SendAsync(answer);
        served.Close();

        Assert.Equal(Payload.Hash(answer), Payload.Hash(await received));
    }

    public static TheoryData<string, int> TransportsAndLengths() => TransportNames.With(1, 64 * 1024, 4 * MiB);

    [Theory, ClassData(typeof(TransportNames))]
    public async Task Bytes_SentOneByOne_ArriveInOrder(string transport)
    {
        byte[] bytes = Payload.Random(10_000);
        TestBackend backend = Backend();
        LbTcpProcess lbtcp = await StartAsync(backend, "--transport", transport);
        var (client, served) = await ConnectAsync(lbtcp, backend);

        Task<byte[]> received = served.ReceiveAsync(bytes.Length);
        for (int i = 0; i < bytes.Length; i++)
            await client.SendAsync(bytes.AsMemory(i, 1));

        Assert.Equal(Payload.Hash(bytes), Payload.Hash(await received));
    }

    [Theory, ClassData(typeof(TransportNames))]
    public async Task SmallMessages_InTwoPieces_AreNotHeldBackForAnAcknowledgement(string transport)
    {
        const int Rounds = 100;
        TestBackend backend = Backend();
        LbTcpProcess lbtcp = await StartAsync(backend, "--transport", transport);
        var (client, served) = await ConnectAsync(lbtcp, backend);

        var rounds = new TimeSpan[Rounds];
        for (int round = 0; round < Rounds; round++)
        {
            var clock = Stopwatch.StartNew();
            await TwoPiecesAsync(client, served);
            await TwoPiecesAsync(served, client);
            rounds[round] = clock.Elapsed;
        }

        // Nagle's algorithm on either of the program's sockets makes nearly every round wait for a delayed acknowledgement, for 40 ms: the
        // median shows it, and not how busy this machine is.
        Assert.InRange(rounds.Order().ElementAt(Rounds / 2), TimeSpan.Zero, TimeSpan.FromMilliseconds(35));
    }

    [Theory, ClassData(typeof(TransportNames))]
    public async Task Payload_LooksLikeAProtocol_IsLeftAlone(string transport)
    {
        byte[] everyByte = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];
        byte[][] payloads =
        [
            everyByte,
            [0xEF, 0xBB, 0xBF, 0, 0, 13, 10, 13, 10, 255, 255, 26, 4],
            Encoding.ASCII.GetBytes("PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n"),
            Encoding.ASCII.GetBytes("GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
            [0x16, 3, 1, 0, 5, 1, 0, 0, 1, 0],
            [0, 0, 0, 8, 4, 0xD2, 0x16, 0x2F],
            [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A, 0x20, 0, 0, 0],
        ];
        TestBackend backend = Backend();
        LbTcpProcess lbtcp = await StartAsync(backend, "--transport", transport);

        foreach (byte[] payload in payloads)
        {
            var (client, served) = await ConnectAsync(lbtcp, backend);
            await client.SendAsync(payload);
            client.FinishSending();
            Assert.Equal(payload, await served.ReceiveToEndAsync());
            await served.SendAsync(payload);
            served.Close();
            Assert.Equal(payload, await client.ReceiveToEndAsync());
        }
    }

    [Theory, ClassData(typeof(TransportNames))]
    public async Task ManyClients_InRandomOrder_EachGetOnlyTheirOwn(string transport)
    {
        const int Count = 50;
        var random = new Random(20261122);
        TestBackend[] backends = [Backend(Behaviours.EchoAsync), Backend(Behaviours.EchoAsync)];
        LbTcpProcess lbtcp = await StartAsync(backends.Select(backend => backend.EndPoint), "--transport", transport);
        var clients = new TestConnection[Count];
        for (int i = 0; i < Count; i++)
            clients[i] = await ConnectAsync(lbtcp);

        for (int turn = 0; turn < 500; turn++)
        {
            int i = random.Next(Count);
            switch (random.Next(10))
            {
                case 0:
                    clients[i].Close();
                    clients[i] = await ConnectAsync(lbtcp);
                    break;
                case 1:
                    clients[i].FinishSending();
                    Assert.Empty(await clients[i].ReceiveToEndAsync());
                    clients[i] = await ConnectAsync(lbtcp);
                    break;
                default:
                    byte[] own = Payload.Random(random.Next(1, 3000), seed: (i * 1000) + turn);
                    await clients[i].SendAsync(own);
                    Assert.Equal(own, await clients[i].ReceiveAsync(own.Length));
                    break;
            }
        }
    }

    // The second piece follows when the first one has arrived, and before anything goes back that would carry its acknowledgement.
    private static async Task TwoPiecesAsync(TestConnection from, TestConnection to)
    {
        foreach (string piece in new[] { "a", "b" })
        {
            await from.SendAsync(piece);
            Assert.Equal(piece, await to.ReceiveTextAsync(1));
        }
    }
}
