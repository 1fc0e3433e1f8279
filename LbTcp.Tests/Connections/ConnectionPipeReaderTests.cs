using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using LbTcp.Connections;
using LbTcp.Diagnostics;

namespace LbTcp.Tests.Connections;

public sealed class ConnectionPipeReaderTests
{
    private readonly ScriptedReader _reader = new();

    [Fact]
    public void ReadAsync_NothingToReceive_WaitsWithoutABuffer()
    {
        ValueTask<ReadResult> read = _reader.ReadAsync();

        Assert.False(read.IsCompleted);
        Assert.Equal(0, _reader.Receives);
    }

    [Fact]
    public void AdvanceTo_EverythingConsumed_GivesTheBufferBack()
    {
        _reader.Arrive(100);
        ReadResult result = Read();
        Assert.True(MemoryMarshal.TryGetArray(result.Buffer.First, out ArraySegment<byte> segment));

        _reader.AdvanceTo(result.Buffer.End);

        byte[] next = ArrayPool<byte>.Shared.Rent(segment.Array!.Length); // a thread gets back first what it returned last
        Assert.Same(segment.Array, next);
        ArrayPool<byte>.Shared.Return(next);
    }

    [Fact]
    public void AdvanceTo_PartConsumed_TheRestComesAgainAtOnce()
    {
        _reader.Arrive(10);
        ReadResult result = Read();

        _reader.AdvanceTo(result.Buffer.GetPosition(4));

        Assert.True(_reader.TryRead(out result));
        Assert.Equal([4, 5, 6, 7, 8, 9], result.Buffer.ToArray());
    }

    [Fact]
    public void AdvanceTo_ExaminedAndNotConsumed_WaitsForMoreAndGivesAllOfIt()
    {
        _reader.Arrive(10);
        ReadResult result = Read();
        _reader.AdvanceTo(result.Buffer.GetPosition(8), result.Buffer.End);
        Assert.False(_reader.TryRead(out _));

        _reader.Arrive(3);

        Assert.Equal([8, 9, 10, 11, 12], Read().Buffer.ToArray());
    }

    [Fact]
    public void ReadAsync_TheLargestProxyHeader_CanBeExaminedUnconsumed()
    {
        const int Header = 65_551;
        ReadResult result = default;
        for (int length = 0; length < Header; length = (int)result.Buffer.Length)
        {
            _reader.Arrive(Math.Min(1_000, Header - length));
            result = Read();
            _reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }

        Assert.False(_reader.TryRead(out _));
        Assert.Equal(Header, result.Buffer.Length);
        Assert.Equal(Enumerable.Range(0, Header).Select(i => (byte)i), result.Buffer.ToArray());
    }

    [Fact]
    public void ReadAsync_MoreIsExaminedUnconsumed_ThePeerHasFailed()
    {
        for (long length = 0; length < ConnectionPipeReader.MaxUnconsumed;)
        {
            _reader.Arrive(10_000);
            ReadResult result = Read();
            length = result.Buffer.Length;
            _reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }

        _reader.Arrive(1);

        ConnectionException failure = Assert.Throws<ConnectionException>(() => Read());
        Assert.Equal((ConnectionSide.Client, SocketError.MessageSize), (failure.Side, failure.Error));
        Assert.Equal("message too long", failure.Message);
    }

    [Fact]
    public void ReadAsync_FinBehindUnconsumedBytes_GivesThemAndTheEnd()
    {
        _reader.Arrive(10);
        ReadResult result = Read();
        _reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);

        _reader.Arrive(0);
        result = Read();

        Assert.Equal((10, true), (result.Buffer.Length, result.IsCompleted));
        _reader.AdvanceTo(result.Buffer.End);
        Assert.True(_reader.TryRead(out result));
        Assert.Equal((0, true), (result.Buffer.Length, result.IsCompleted));
        _reader.AdvanceTo(result.Buffer.End);
    }

    [Fact]
    public void ReadAsync_ManyRounds_NeitherLosesNorRepeatsAByte()
    {
        var random = new Random(1);
        byte expected = 0;
        for (int i = 0; i < 2_000; i++)
        {
            if (!_reader.TryRead(out ReadResult result))
            {
                _reader.Arrive(1 + random.Next(3_000));
                result = Read();
            }

            int consumed = random.Next((int)result.Buffer.Length + 1);
            foreach (byte actual in result.Buffer.Slice(0, consumed).ToArray())
                Assert.Equal(expected++, actual);
            int examined = result.Buffer.Length < 32 * 1024 ? consumed + random.Next((int)result.Buffer.Length - consumed + 1) : consumed;
            _reader.AdvanceTo(result.Buffer.GetPosition(consumed), result.Buffer.GetPosition(examined));
        }
    }

    private ReadResult Read()
    {
        ValueTask<ReadResult> read = _reader.ReadAsync();
        Assert.True(read.IsCompleted);
        return read.GetAwaiter().GetResult();
    }

    /// <summary>Receives what the test lets arrive: 0, 1, 2, ... and 0 again after 255.</summary>
    private sealed class ScriptedReader : ConnectionPipeReader
    {
        private readonly Queue<int> _arrived = new();
        private byte _next;

        public int Receives { get; private set; }

        public void Arrive(int count) => _arrived.Enqueue(count);

        protected override ConnectionException Fail(SocketError error) => new(ConnectionSide.Client, error);

        protected override ValueTask WaitAsync(CancellationToken cancellationToken) =>
            _arrived.Count > 0 ? ValueTask.CompletedTask : new ValueTask(new TaskCompletionSource().Task);

        protected override ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            Receives++;
            Assert.NotEqual(0, buffer.Length);
            int arrived = _arrived.Dequeue();
            int received = Math.Min(arrived, buffer.Length);
            if (received < arrived)
                _arrived.Enqueue(arrived - received);
            foreach (ref byte b in buffer.Span[..received])
                b = _next++;
            return ValueTask.FromResult(received);
        }
    }
}
