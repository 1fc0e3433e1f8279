namespace LbTcp.Diagnostics;

/// <summary>
/// Queues log lines from any thread without blocking it, and writes them in batches on a thread of its own. When the stream is slow,
/// blocked or closed, lines are dropped and counted; the count is written as soon as the stream accepts bytes again.
/// </summary>
internal sealed class LogOutput : IDisposable
{
    // Two buffers of this size: one is filled while the other is written. Memory that is never filled is never touched.
    private const int BufferSize = 1024 * 1024;

    // Lines that come within this time of each other share one system call.
    private static readonly TimeSpan _pace = TimeSpan.FromMilliseconds(10);

    private readonly object _gate = new(); // not a Lock: that has no Wait and Pulse
    private readonly Stream _stream;
    private readonly Func<long, byte[]> _describeDropped;
    private readonly TimeSpan _retryDelay;
    private readonly TimeSpan _disposeTimeout;
    private readonly Thread _writer;
    private byte[] _filling = GC.AllocateUninitializedArray<byte>(BufferSize);
    private byte[] _writing = GC.AllocateUninitializedArray<byte>(BufferSize);
    private int _length;
    private int _lines;
    private int _rejectedLines;
    private bool _isWriterIdle;
    private bool _isCompleted;
    private long _droppedLines;

    /// <summary>Starts the thread that writes.</summary>
    /// <param name="stream">The destination; may block or throw.</param>
    /// <param name="describeDropped">Formats the line that reports the number of dropped lines, line feed included.</param>
    /// <param name="retryDelay">The time to wait after the stream threw.</param>
    /// <param name="disposeTimeout">The maximum time that <see cref="Dispose"/> waits for the stream to take the lines.</param>
    public LogOutput(Stream stream, Func<long, byte[]> describeDropped, TimeSpan retryDelay, TimeSpan disposeTimeout)
    {
        _stream = stream;
        _describeDropped = describeDropped;
        _retryDelay = retryDelay;
        _disposeTimeout = disposeTimeout;
        _writer = new Thread(WriteBatches) { IsBackground = true, Name = "log writer" };
        _writer.Start();
    }

    /// <summary>The number of lines that were dropped so far. May be read from any thread.</summary>
    public long DroppedLines => Interlocked.Read(ref _droppedLines);

    /// <summary>Queues a line, or drops and counts it when too much is queued. Never blocks, never throws.</summary>
    /// <param name="line">The line with its line feed.</param>
    public void Append(ReadOnlySpan<byte> line)
    {
        lock (_gate)
        {
            if (line.Length > _filling.Length - _length)
            {
                _rejectedLines++;
                _ = Interlocked.Increment(ref _droppedLines);
                return;
            }

            line.CopyTo(_filling.AsSpan(_length));
            _length += line.Length;
            _lines++;
            if (_isWriterIdle)
            {
                _isWriterIdle = false;
                Monitor.Pulse(_gate);
            }
        }
    }

    /// <summary>
    /// Writes the queued lines and stops. Waits for one second at most, so that a blocked stream cannot delay the end of the process.
    /// </summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isCompleted = true;
            Monitor.Pulse(_gate);
        }

        _writer.Join(_disposeTimeout);
    }

    private void WriteBatches()
    {
        long dropped = 0;
        bool isLineOpen = false;
        while (TakeBatch(dropped, out Batch batch))
        {
            try
            {
                if (isLineOpen)
                    _stream.Write("\n"u8);
                isLineOpen = false;
                if (dropped > 0)
                    _stream.Write(_describeDropped(dropped));
                dropped = 0;
                _stream.Write(_writing.AsSpan(0, batch.Length));
                _stream.Flush();
                dropped = batch.RejectedLines;
                if (batch.Length < BufferSize / 4)
                    Pause(_pace);
            }
            catch (Exception)
            {
                // Disk full, descriptor closed: no error may end the process, and the error may be temporary. Part of the batch may have
                // been written; the next write must not continue that line.
                isLineOpen = true;
                dropped += batch.Lines + batch.RejectedLines;
                _ = Interlocked.Add(ref _droppedLines, batch.Lines);
                if (batch.IsLast)
                    return;
                Pause(_retryDelay);
            }
        }
    }

    // Returns false when nothing is left to write and no more lines can be queued.
    private bool TakeBatch(long dropped, out Batch batch)
    {
        lock (_gate)
        {
            while (_length == 0 && dropped == 0 && !_isCompleted)
            {
                _isWriterIdle = true;
                Monitor.Wait(_gate);
            }

            batch = new Batch(_length, _lines, _rejectedLines, _isCompleted);
            (_filling, _writing) = (_writing, _filling);
            _length = _lines = _rejectedLines = 0;
            return batch.Length > 0 || dropped > 0 || !batch.IsLast;
        }
    }

    private void Pause(TimeSpan duration)
    {
        lock (_gate)
        {
            if (!_isCompleted)
                Monitor.Wait(_gate, duration);
        }
    }

    private readonly record struct Batch(int Length, int Lines, int RejectedLines, bool IsLast);
}
