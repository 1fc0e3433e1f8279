using System.Buffers;
using System.IO.Pipelines;
using LbTcp.Connections;

namespace LbTcp.Tests.Connections;

public sealed class ConnectionPipeWriterTests
{
    private readonly RecordingWriter _writer = new();

    [Fact]
    public async Task WriteAsync_BehindBufferedBytes_SendsThemFirst()
    {
        _writer.Write((byte[])[1, 2]);
        Assert.Equal(2, _writer.UnflushedBytes);

        _ = await _writer.WriteAsync(new byte[] { 3 });

        Assert.Equal([1, 2, 3], _writer.Sent);
        Assert.Equal(0, _writer.UnflushedBytes);
    }

    [Fact]
    public async Task WriteAsync_FitsBehindBufferedBytes_GoesWithThem()
    {
        _writer.Write((byte[])[1, 2]);

        _ = await _writer.WriteAsync(new byte[] { 3 });
        await _writer.CompleteAsync();

        Assert.Equal(["send", "fin"], _writer.Calls);
    }

    [Fact]
    public async Task WriteAsync_DoesNotFitBehindBufferedBytes_FollowsThem()
    {
        byte[] large = [.. Enumerable.Range(0, 100_000).Select(i => (byte)i)];
        _writer.Write((byte[])[1, 2]);

        _ = await _writer.WriteAsync(large);

        Assert.Equal([1, 2, .. large], _writer.Sent);
    }

    [Fact]
    public async Task GetMemory_MoreThanIsLeft_KeepsWhatIsBuffered()
    {
        byte[] first = [.. Enumerable.Range(0, 4_000).Select(i => (byte)i)];
        byte[] second = [.. Enumerable.Range(0, 100_000).Select(i => (byte)(3 * i))];
        _writer.Write(first);
        _writer.Write(second);

        _ = await _writer.FlushAsync();

        Assert.Equal([.. first, .. second], _writer.Sent);
    }

    [Fact]
    public void Advance_MoreThanWasAskedFor_Throws()
    {
        int size = _writer.GetMemory(1).Length;

        _ = Assert.Throws<ArgumentOutOfRangeException>(() => _writer.Advance(size + 1));
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => _writer.Advance(-1));
    }

    [Fact]
    public async Task CompleteAsync_BytesAreBuffered_SendsThemBeforeFin()
    {
        _writer.Write((byte[])[1, 2]);

        await _writer.CompleteAsync();
        await _writer.CompleteAsync();

        Assert.Equal([1, 2], _writer.Sent);
        Assert.Equal(["send", "fin"], _writer.Calls);
        _ = await Assert.ThrowsAsync<InvalidOperationException>(async () => await _writer.WriteAsync(new byte[1]));
    }

    [Fact]
    public async Task CompleteAsync_WithAnError_WaitsForTheAcknowledgementAndThenResets()
    {
        _writer.IsUnacknowledged = true;
        _writer.Write((byte[])[1]);

        Task completion = _writer.CompleteAsync(new IOException("the other side failed")).AsTask();
        await Until.TrueAsync(() => _writer.Questions > 2, "it has asked several times");
        Assert.Equal(["send"], _writer.Calls);
        _writer.IsUnacknowledged = false;

        await completion.Done();
        Assert.Equal(["send", "reset"], _writer.Calls);
    }

    [Fact]
    public async Task CompleteAsync_NothingIsAcknowledgedForLong_AsksLessAndLessOften()
    {
        _writer.QuestionsUntilAcknowledged = 14;

        await _writer.CompleteAsync(new IOException("the other side failed"));

        Assert.Equal([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1000, 1000, 1000], _writer.Pauses.Select(pause => pause.TotalMilliseconds));
        Assert.Equal(["reset"], _writer.Calls);
    }

    [Fact]
    public async Task CompleteAsync_WithAnErrorAfterFin_Resets()
    {
        await _writer.CompleteAsync();

        await _writer.CompleteAsync(new IOException("the other side failed"));

        Assert.Equal(["fin", "reset"], _writer.Calls);
    }

    [Fact]
    public void Complete_WithAnError_ResetsAtOnce()
    {
        _writer.IsUnacknowledged = true;

        _writer.Complete(new IOException("the other side failed"));

        Assert.Equal(["reset"], _writer.Calls);
    }

    private sealed class RecordingWriter : ConnectionPipeWriter
    {
        private volatile bool _isUnacknowledged;
        private bool _isCompleted;
        private int _questions;

        public List<byte> Sent { get; } = [];

        public List<string> Calls { get; } = [];

        public int Questions => Volatile.Read(ref _questions);

        public int QuestionsUntilAcknowledged { get; set; } = int.MaxValue;

        public List<TimeSpan> Pauses { get; } = [];

        public bool IsUnacknowledged
        {
            set => _isUnacknowledged = value;
        }

        public override bool IsCompleted => _isCompleted;

        protected override bool IsAwaitingAcknowledgement
        {
            get
            {
                int question = Interlocked.Increment(ref _questions);
                return QuestionsUntilAcknowledged == int.MaxValue ? _isUnacknowledged : question < QuestionsUntilAcknowledged;
            }
        }

        protected override ValueTask<FlushResult> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            if (bytes.Length == 0)
                return default;
            Calls.Add("send");
            Sent.AddRange(bytes.Span);
            return default;
        }

        protected override async ValueTask PauseAsync(TimeSpan pause)
        {
            Pauses.Add(pause);
            await Task.Yield();
        }

        protected override void Shut()
        {
            _isCompleted = true;
            Calls.Add("fin");
        }

        protected override void Abort() => Calls.Add("reset");
    }
}
