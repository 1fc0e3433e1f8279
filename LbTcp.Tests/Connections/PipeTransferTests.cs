using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using LbTcp.Connections;
using LbTcp.Diagnostics;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Connections;

public sealed class PipeTransferTests
{
    private readonly Pipe _source = new();

    [Fact]
    public async Task Begin_BytesAndThenTheEnd_CountsThemAndCompletes()
    {
        var destination = new Pipe();
        var transfer = Transfer.Begin(_source.Reader, destination.Writer);
        Assert.IsType<PipeTransfer>(transfer);

        _ = await _source.Writer.WriteAsync(new byte[5]);
        _ = await _source.Writer.WriteAsync(new byte[10_000]);
        await _source.Writer.CompleteAsync();

        await transfer.Completion.AsTask().Done();
        Assert.Equal((10_005, 10_005), (transfer.BytesReceived, transfer.BytesSent));
        Assert.Equal(10_005, (await destination.Reader.ReadAsync()).Buffer.Length);
    }

    [Theory]
    [InlineData(true, "onetwo")]
    [InlineData(false, "one")]
    public async Task Begin_DestinationHoldsBytes_SendsThemWithTheFirstOfTheSourceOrAtOnce(bool hasFirst, string expected)
    {
        (InMemoryConnection connection, InMemoryConnection peer) = InMemoryConnection.CreatePair(side: ConnectionSide.Backend);
        connection.Output.Write("one"u8);
        if (hasFirst)
            _ = await _source.Writer.WriteAsync("two"u8.ToArray());

        var transfer = Transfer.Begin(_source.Reader, connection.Output);

        Assert.Equal(expected, Encoding.ASCII.GetString((await peer.Input.ReadAsync().AsTask().Done()).Buffer));
        await _source.Writer.CompleteAsync();
        await transfer.Completion.AsTask().Done();
        Assert.Equal(expected.Length - 3, transfer.BytesSent);
    }

    [Fact]
    public async Task Begin_DestinationFails_CountsWhatWasNotHandedOver()
    {
        (InMemoryConnection connection, _) = InMemoryConnection.CreatePair(side: ConnectionSide.Backend);
        var transfer = Transfer.Begin(_source.Reader, connection.Output);
        Task completion = transfer.Completion.AsTask();
        connection.Lose();

        _ = await _source.Writer.WriteAsync(new byte[7]);

        ConnectionException failure = await Assert.ThrowsAsync<ConnectionException>(() => completion.Done());
        Assert.Equal(ConnectionSide.Backend, failure.Side);
        Assert.Equal((7, 0), (transfer.BytesReceived, transfer.BytesSent));
    }

    [Fact]
    public async Task Begin_NeitherSideEverWaits_ReturnsToTheCaller()
    {
        var source = new ReadySource();
        PipeWriter destination = PipeWriter.Create(Stream.Null);

        Transfer transfer = await Task.Run(() => Transfer.Begin(source, destination)).Done();

        Assert.InRange(transfer.BytesSent, Transfer.BytesPerTurn, long.MaxValue);
        source.End();
        await transfer.Completion.AsTask().Done();
    }

    [Fact]
    public async Task FirstAsync_OneOfTwoEnds_IsThatOne()
    {
        var other = new Pipe();
        var race = new TransferRace();
        _ = Transfer.Begin(_source.Reader, new Pipe().Writer, race);
        var second = Transfer.Begin(other.Reader, new Pipe().Writer, race);
        Task<Transfer> first = race.FirstAsync().AsTask();
        Assert.False(first.IsCompleted);

        await other.Writer.CompleteAsync();
        Assert.Same(second, await first.Done());
        await _source.Writer.CompleteAsync(new IOException());
    }

    /// <summary>Has bytes at any time, until its end.</summary>
    private sealed class ReadySource : PipeReader
    {
        private readonly ReadOnlySequence<byte> _bytes = new(new byte[4096]);
        private volatile bool _hasEnded;

        public void End() => _hasEnded = true;

        public override bool TryRead(out ReadResult result)
        {
            result = new ReadResult(_bytes, isCanceled: false, isCompleted: _hasEnded);
            return true;
        }

        public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
        {
            _ = TryRead(out ReadResult result);
            return ValueTask.FromResult(result);
        }

        public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
        {
            // There is always more.
        }

        public override void CancelPendingRead() => throw new NotSupportedException();

        public override void Complete(Exception? exception = null) => End();
    }
}
