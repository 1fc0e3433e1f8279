using System.Buffers.Binary;
using LbTcp.Connections;

namespace LbTcp.Tests.Connections;

public sealed class TcpInfoTests
{
    [Theory]
    [InlineData(0, 0, 10, 20, false)] // everything was acknowledged
    [InlineData(0, 1, 20, 10, true)] // a probe was not answered: it does not count as data
    [InlineData(3, 0, 10, 20, true)] // data was sent after the last acknowledgement
    [InlineData(3, 0, 20, 10, false)] // a retransmission was acknowledged, although nothing new was
    [InlineData(3, 0, 10, 10, false)]
    public void TryParse_SentAndAcknowledged_IsUnansweredIfSomethingWasSentLater(
        int unacked, int probes, int sinceData, int sinceAck, bool expected)
    {
        Assert.True(TcpInfo.TryParse(Raw((byte)probes, retransmits: 0, unacked, sinceData, sinceAck), out TcpInfo info));

        Assert.Equal(expected, info.IsUnanswered);
        Assert.Equal(TimeSpan.FromMilliseconds(sinceAck), info.SinceAcknowledgement);
        Assert.Equal(unacked == 0, info.IsFlushed);
    }

    [Fact]
    public void TryParse_ProbesAndRetransmissions_AreRetries()
    {
        Assert.True(TcpInfo.TryParse(Raw(probes: 2, retransmits: 5, unacked: 1, 0, 0), out TcpInfo info));

        Assert.Equal(7, info.Retries);
    }

    [Fact]
    public void TryParse_AShorterStructure_IsNotEnough() => Assert.False(TcpInfo.TryParse(new byte[TcpInfo.Size - 1], out _));

    // The offsets are those of struct tcp_info in linux/tcp.h.
    private static byte[] Raw(byte probes, byte retransmits, int unacked, int sinceData, int sinceAck)
    {
        byte[] raw = new byte[TcpInfo.Size];
        raw[2] = retransmits;
        raw[3] = probes;
        BinaryPrimitives.WriteInt32LittleEndian(raw.AsSpan(24), unacked);
        BinaryPrimitives.WriteInt32LittleEndian(raw.AsSpan(44), sinceData);
        BinaryPrimitives.WriteInt32LittleEndian(raw.AsSpan(56), sinceAck);
        return raw;
    }
}
