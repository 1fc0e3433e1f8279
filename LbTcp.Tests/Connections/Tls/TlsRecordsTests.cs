using System.Buffers;
using LbTcp.Connections.Tls;

namespace LbTcp.Tests.Connections.Tls;

public sealed class TlsRecordsTests
{
    private const int Room = 32 * 1024;

    private readonly TlsRecords _records = new();

    [Fact]
    public void Take_SeveralRecordsAndABeginning_TakesTheWholeOnes()
    {
        ReadOnlySequence<byte> received = Received(Record(100), Record(200), Record(300)[..^1]);

        Assert.Equal(105 + 205, _records.Take(received, Room));
        Assert.False(_records.HasNext(received.Slice(310)));
        Assert.Equal(0, _records.Take(received.Slice(310), Room));
    }

    [Fact]
    public void Take_NoRoomForAllRecords_TakesThoseThatFit()
    {
        ReadOnlySequence<byte> received = Received(Record(16_401), Record(16_401));

        Assert.Equal(16_406, _records.Take(received, Room));
        Assert.True(_records.HasNext(received.Slice(16_406)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(104)]
    public void Take_PartOfARecord_WaitsForTheRest(int length)
    {
        ReadOnlySequence<byte> received = Received(Record(100)[..length]);

        Assert.False(_records.HasNext(received));
        Assert.Equal(0, _records.Take(received, Room));
    }

    [Fact]
    public void Take_RecordLargerThanTheRoom_IsDividedAndTheNextOneIsNot()
    {
        ReadOnlySequence<byte> received = Received(Record(1_000), Record(10));

        Assert.Equal(600, _records.Take(received.Slice(0, 700), 600));
        Assert.True(_records.HasNext(received.Slice(600)));
        Assert.Equal(405, _records.Take(received.Slice(600), 600));
        Assert.True(_records.HasNext(received.Slice(1_005)));
        Assert.Equal(15, _records.Take(received.Slice(1_005), 600));
    }

    [Theory]
    [InlineData("GET / HTTP/1.1")]
    [InlineData("\u0017\u0003\u0003\u007f\u007f too long")]
    public void Take_NoTls_IsPassedOnAsItComes(string text)
    {
        byte[] other = System.Text.Encoding.Latin1.GetBytes(text);
        ReadOnlySequence<byte> received = Received(Record(10), other);

        Assert.Equal(15, _records.Take(received, Room));
        Assert.True(_records.HasNext(received.Slice(15)));
        Assert.Equal(other.Length, _records.Take(received.Slice(15), Room));
        Assert.True(_records.HasNext(Received([1])));
        Assert.False(_records.HasNext(Received()));
    }

    // However the bytes arrive, all of them are passed on, and what fits is not divided.
    [Fact]
    public void Take_AnyPiecesOfAnySize_PassesOnWholeRecordsInOrder()
    {
        var random = new Random(1);
        byte[] all = [.. Enumerable.Range(0, 500).SelectMany(_ => Record(random.Next(0, 5_000)))];
        var ends = new HashSet<int>();
        for (int at = 0; at < all.Length; at += 5 + (all[at + 3] << 8) + all[at + 4])
            ends.Add(at);

        int taken = 0;
        for (int received = 0; taken < all.Length;)
        {
            received = Math.Min(all.Length, received + random.Next(1, 7_000));
            while (_records.Take(new ReadOnlySequence<byte>(all, taken, received - taken), Room) is > 0 and int count)
            {
                taken += count;
                Assert.True(taken == all.Length || ends.Contains(taken));
            }
        }
    }

    private static byte[] Record(int length) => [23, 3, 3, (byte)(length >> 8), (byte)length, .. new byte[length]];

    private static ReadOnlySequence<byte> Received(params byte[][] pieces) => new([.. pieces.SelectMany(piece => piece)]);
}
