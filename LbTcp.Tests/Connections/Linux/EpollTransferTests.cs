using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using LbTcp.Connections;
using LbTcp.Connections.Linux;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Connections.Linux;

public sealed class EpollTransferTests
{
    private const int Mebibyte = 1024 * 1024;

    // As large as the scratch buffer: the size at which the copy changes from one way to the other.
    private const int Scratch = 16 * 1024;
    private const int SmallBuffer = 8 * 1024;

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task CopyToAsync_SizesAroundTheScratchBuffers_KeepsEveryByteInItsPlace(bool hasPipe)
    {
        await using var fixture = new ReactorFixture(hasPipe);
        (EpollConnection source, Socket sender) = await fixture.ConnectAsync();
        (EpollConnection destination, Socket receiver) = await fixture.ConnectAsync(SmallBuffer);

        // So little room that it takes a part of what was received only: the rest is kept, and more comes behind it.
        _ = new Socket(new SafeSocketHandle(destination.Descriptor, ownsHandle: false)) { SendBufferSize = SmallBuffer };
        Task copy = await fixture.CopyAsync(source, destination);
        Task<RawSockets.Received> receiving = Task.Run(() => receiver.ReceiveToEndAsync(chunkSize: 30_000));
        var random = new Random(5);
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long length = 0;

        for (int i = 0; i < 2_000; i++)
        {
            byte[] message = new byte[Math.Max(1, (random.Next(1, 4) * Scratch) + random.Next(-3, 4))];
            random.NextBytes(message);
            digest.AppendData(message);
            length += message.Length;
            _ = await sender.SendAsync(message);
            if (random.Next(4) == 0)
                await Task.Yield();
        }

        sender.Shutdown(SocketShutdown.Send);
        await copy.Done();
        await destination.Output.CompleteAsync();
        Assert.Equal(
            new RawSockets.Received(length, Convert.ToHexString(digest.GetHashAndReset()), SocketError.Success), await receiving.Done());
    }

    [SkippableFact]
    public async Task Begin_ConnectionsWhosePipesHoldBytes_SendsTheseFirst()
    {
        await using var fixture = new ReactorFixture();
        (EpollConnection source, Socket sender) = await fixture.ConnectAsync();
        (EpollConnection destination, Socket receiver) = await fixture.ConnectAsync();
        _ = await sender.SendAsync("two"u8.ToArray());
        source.Input.AdvanceTo((await source.Input.ReadAtLeastAsync(3)).Buffer.Start); // a preface that was only looked at
        "one"u8.CopyTo(destination.Output.GetSpan(3)); // and one that was written and not flushed
        destination.Output.Advance(3);

        Transfer? transfer = null;
        await fixture.RunAsync(() => { transfer = Transfer.Begin(source, destination, race: null); });
        _ = await sender.SendAsync("three"u8.ToArray());
        sender.Shutdown(SocketShutdown.Send);
        await transfer!.Completion.AsTask().Done();
        await destination.Output.CompleteAsync();

        Assert.IsType<EpollTransfer>(transfer);
        byte[] received = new byte[12];
        int count = 0;
        for (int more; (more = await receiver.ReceiveAsync(received.AsMemory(count))) > 0;)
            count += more;
        Assert.Equal("onetwothree", Encoding.ASCII.GetString(received, 0, count));
    }

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Begin_DestinationHoldsBytesAndTheSourceHasSome_SendsBothInOnePiece(bool wereRead)
    {
        await using var fixture = new ReactorFixture();
        (EpollConnection source, Socket sender) = await fixture.ConnectAsync();
        (EpollConnection destination, Socket receiver) = await fixture.ConnectAsync();
        "one"u8.CopyTo(destination.Output.GetSpan(3));
        destination.Output.Advance(3);
        _ = await sender.SendAsync("two"u8.ToArray());
        await sender.FlushedAsync();
        if (wereRead)
            source.Input.AdvanceTo((await source.Input.ReadAtLeastAsync(3)).Buffer.Start);
        else
            await fixture.RunAsync(async () => await source.ReadableAsync());

        Transfer? transfer = null;
        await fixture.RunAsync(() => { transfer = Transfer.Begin(source, destination, race: null); });

        byte[] received = new byte[12];
        Assert.Equal("onetwo", Encoding.ASCII.GetString(received, 0, await receiver.ReceiveAsync(received).Done()));
        await Until.TrueAsync(() => transfer!.BytesSent == 3, "the bytes of the source alone are counted");
        Assert.Equal(3, transfer!.BytesReceived);
        sender.Shutdown(SocketShutdown.Send);
        await transfer.Completion.AsTask().Done();
    }

    [SkippableFact]
    public async Task CopyToAsync_BytesWereThereBeforeItStarted_ArriveToo()
    {
        await using var fixture = new ReactorFixture();
        (EpollConnection source, Socket sender) = await fixture.ConnectAsync();
        (EpollConnection destination, Socket receiver) = await fixture.ConnectAsync();
        _ = await sender.SendAsync(new byte[9]);
        await Until.TrueAsync(() => source.IsReadable, "the event was told, to nobody");

        _ = await fixture.CopyAsync(source, destination);

        _ = await receiver.ReceiveExactlyAsync(9);
    }

    [SkippableFact]
    public async Task CopyToAsync_ThePeerResetBehindItsBytes_HandsThemOverAndThenFails()
    {
        await using var fixture = new ReactorFixture();
        (EpollConnection source, Socket sender) = await fixture.ConnectAsync();
        (EpollConnection destination, Socket receiver) = await fixture.ConnectAsync();
        await sender.SendNoiseAsync(seed: 1, 60_000);
        await sender.FlushedAsync();
        sender.Reset();
        await Until.TrueAsync(() => source.IsReset, "the reset has arrived");

        Task copy = await fixture.CopyAsync(source, destination);

        ConnectionException failure = await Assert.ThrowsAsync<ConnectionException>(() => copy.Done());
        Assert.Equal((source.Failure, SocketError.ConnectionReset), (failure.Error, failure.Error));
        Assert.Equal(SocketError.Success, destination.Failure);
        _ = await receiver.ReceiveExactlyAsync(60_000);
    }

    [SkippableFact]
    public async Task CopyToAsync_TheDestinationIsFull_WaitsAndLosesNothingWhenTheSourceResets()
    {
        await using var fixture = new ReactorFixture();
        (EpollConnection source, Socket sender) = await fixture.ConnectAsync();
        (EpollConnection destination, Socket receiver) = await fixture.ConnectAsync(SmallBuffer);
        Transfer copy = await fixture.TransferAsync(source, destination);
        Task<string> sending = sender.SendNoiseAsync(seed: 1, 16 * Mebibyte);
        await Until.TrueAsync(() => !destination.IsWritable && copy.BytesReceived > copy.BytesSent, "bytes wait in the copy");

        Task<RawSockets.Received> receiving = receiver.ReceiveToEndAsync();
        string sent = await sending.Done();
        await sender.FlushedAsync();
        sender.Reset();

        _ = await Assert.ThrowsAsync<ConnectionException>(() => copy.Completion.AsTask().Done());
        Assert.Equal((SocketError.ConnectionReset, SocketError.Success), (source.Failure, destination.Failure));
        Assert.Equal((16 * Mebibyte, 16 * Mebibyte), (copy.BytesReceived, copy.BytesSent));
        await destination.Output.CompleteAsync(new IOException("the source failed"));
        Assert.Equal(new RawSockets.Received(16 * Mebibyte, sent, SocketError.ConnectionReset), await receiving.Done());
    }

    // What follows an urgent byte is neither the end nor nothing, as splice has it (tcp_read_sock stops at the mark).
    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CopyToAsync_AnUrgentByteInTheMiddleOfBulk_NeitherStallsNorEndsTheStream(bool isTold)
    {
        foreach (bool finFollows in new[] { true, false })
        {
            await using var fixture = new ReactorFixture();
            (EpollConnection source, Socket sender) = await fixture.ConnectAsync();
            (EpollConnection destination, Socket receiver) = await fixture.ConnectAsync();
            _ = await sender.SendAsync(new byte[Scratch * 5 / 2]);
            await sender.FlushedAsync();
            await Until.TrueAsync(() => source.IsReadable, "the copy will not wait");
            Transfer? copy = null;
            await fixture.RunAsync(() =>
            {
                SendUrgent(sender, finFollows);
                if (!isTold)
                    copy = Transfer.Begin(source.Input, destination.Output);
            });

            copy ??= await fixture.TransferAsync(source, destination);
            _ = await receiver.ReceiveExactlyAsync((Scratch * 5 / 2) + 1_000);
            sender.Shutdown(SocketShutdown.Send);
            await copy.Completion.AsTask().Done();
            Assert.Equal((Scratch * 5 / 2) + 1_000, copy.BytesReceived);
        }
    }

    // Counted in bytes that one stream moves while nobody else has his turn.
    [SkippableFact]
    public async Task CopyToAsync_OneBulkStreamAndManySmallOnes_NobodyWaitsForMoreThanATurn()
    {
        await using var fixture = new ReactorFixture();
        (EpollConnection source, Socket sender) = await fixture.ConnectAsync();
        (EpollConnection destination, Socket receiver) = await fixture.ConnectAsync();
        long longestTurn = 0;
        long before = 0;
        bool isOver = false;
        Transfer bulk = await fixture.TransferAsync(source, destination);
        Task<RawSockets.Received> receiving = Task.Run(() => receiver.ReceiveToEndAsync(Mebibyte));
        fixture.Reactor.Post(Watch, null);

        byte[] chunk = new byte[4 * Mebibyte];
        Task sending = Task.Run(() =>
        {
            for (int i = 0; i < 64; i++)
                _ = sender.Send(chunk);
            sender.Shutdown(SocketShutdown.Send);
        });
        for (int i = 0; i < 20; i++)
        {
            (EpollConnection small, Socket client) = await fixture.ConnectAsync();
            (EpollConnection other, Socket server) = await fixture.ConnectAsync();
            _ = await fixture.CopyAsync(small, other);
            _ = await client.SendAsync(new byte[10]);
            _ = await server.ReceiveExactlyAsync(10);
        }

        await sending.Done();
        await bulk.Completion.AsTask().Done();
        isOver = true;
        await destination.Output.CompleteAsync();
        Assert.Equal(256 * Mebibyte, (await receiving.Done()).Length);
        Assert.InRange(longestTurn, 1, Transfer.BytesPerTurn + SplicePipe.MaxFilling); // a turn ends with the pipe that it began

        void Watch(object? state)
        {
            longestTurn = Math.Max(longestTurn, bulk.BytesReceived - before);
            before = bulk.BytesReceived;
            if (!isOver)
                fixture.Reactor.PostNextTurn(Watch, null);
        }
    }

    private static void SendUrgent(Socket sender, bool finFollows)
    {
        _ = sender.Send([1], SocketFlags.OutOfBand);
        _ = sender.Send(new byte[1_000]);
        if (finFollows)
            sender.Shutdown(SocketShutdown.Send);
        Task.Run(sender.FlushedAsync).Wait();
    }
}
