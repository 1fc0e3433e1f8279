using System.Buffers;
using System.Text;
using LbTcp.Health;
using LbTcp.Health.Exchanges;

namespace LbTcp.Tests.Health.Exchanges;

/// <summary>Exchanges without a connection.</summary>
internal static class ExchangeReads
{
    /// <summary>The result of an answer, which is the same in single bytes and all at once; null if more bytes are needed.</summary>
    public static ProbeResult? ResultOf(Func<ProbeExchange> create, string answer)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(answer);
        ProbeResult? whole = Read(create(), bytes, bytes.Length);
        Assert.Equal(whole, Read(create(), bytes, 1));
        return whole;
    }

    /// <summary>Reads an answer that arrives in pieces.</summary>
    public static ProbeResult? Read(ProbeExchange exchange, byte[] bytes, int piece)
    {
        int consumed = 0;
        ExchangeStep step = default;
        for (int end = Math.Min(piece, bytes.Length); step.IsPending && end > 0; end = Math.Min(end + piece, bytes.Length))
        {
            ReadOnlySequence<byte> received = Sequence(bytes.AsMemory(consumed..end));
            step = exchange.Read(ref received);
            consumed = end - (int)received.Length;
            if (end == bytes.Length)
                break;
        }

        return step.Result;
    }

    // In two segments, as at the border of two buffers.
    private static ReadOnlySequence<byte> Sequence(ReadOnlyMemory<byte> bytes)
    {
        var first = new Segment(bytes[..(bytes.Length / 2)], 0);
        Segment last = first.Append(bytes[(bytes.Length / 2)..]);
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, long index) => (Memory, RunningIndex) = (memory, index);

        public Segment Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Segment(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
