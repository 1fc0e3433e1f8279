namespace LbTcp.Diagnostics;

/// <summary>
/// Takes log lines from any thread without ever waiting for their reader, and writes them in batches on a thread of its own. When the
/// stream takes them too slowly or not at all, lines are lost and counted; how many is written as soon as it takes bytes again.
/// </summary>
internal sealed class LogOutput : IDisposable
{
    // Two buffers of this size: one fills while the other is written. Memory that was never filled is never touched.
    private const int BufferSize = 1024 * 1024;

    // Lines that come within this time of each other share one system call.
    private static readonly TimeSpan _pace = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan _longestFarewell = TimeSpan.FromSeconds(1);

    private readonly object _gate = new(); // not a Lock: that has no Wait and Pulse
    private readonly Stream _stream;
    private readonly Func<long, byte[]> _describeLoss;
    private readonly TimeSpan _retryDelay;
    private readonly Thread _writer;
    private byte[] _filling = GC.AllocateUninitializedArray<byte>(BufferSize);
    private byte[] _writing = GC.AllocateUninitializedArray<byte>(BufferSize);
    private int _length;
    private int _lines;
    private int _rejectedLines;
    private bool _isWriterIdle;
    private bool _isCompleted;

    /// <summary>Starts the thread that writes.</summary>
    /// <param name="stream">Takes the lines; may block or throw.</param>
    /// <param name="describeLoss">Makes the line that says how many lines were lost, line feed included.</param>
    /// <param name="retryDelay">How long to leave the stream alone after it threw.</param>
    public LogOutput(Stream stream, Func<long, byte[]> describeLoss, TimeSpan retryDelay)
    {
        _stream = stream;
        _describeLoss = describeLoss;
        _retryDelay = retryDelay;
        _writer = new Thread(WriteBatches) { IsBackground = true, Name = "log writer" };
        _writer.Start();
    }

    /// <summary>Queues a line, or drops and counts it when too much is queued. Never blocks, never throws.</summary>
    /// <param name="line">The line with its line feed.</param>
    public void Append(ReadOnlySpan<byte> line)
    {
        lock (_gate)
        {
            if (line.Length > _filling.Length - _length)
            {
                _rejectedLines++;
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

    /// <summary>Writes what is queued and stops. Waits a second at most: a stuck reader cannot hold up the end of the process.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isCompleted = true;
            Monitor.Pulse(_gate);
        }

        _writer.Join(_longestFarewell);
    }

    private void WriteBatches()
    {
        long lost = 0;
        bool isLineOpen = false;
        while (TakeBatch(lost, out Batch batch))
        {
            try
            {
                if (isLineOpen)
                    _stream.Write("\n"u8);
                isLineOpen = false;
                if (lost > 0)
                    _stream.Write(_describeLoss(lost));
                lost = 0;
                _stream.Write(_writing.AsSpan(0, batch.Length));
                _stream.Flush();
                lost = batch.RejectedLines;
                if (batch.Length < BufferSize / 4)
                    Pause(_pace);
            }
            catch (Exception)
            {
                // Disk full, descriptor closed: whatever it is, it must not end the process, and it may pass. Part of the batch may have
                // been written; what comes next must not continue that line.
                isLineOpen = true;
                lost += batch.Lines + batch.RejectedLines;
                if (batch.IsLast)
                    return;
                Pause(_retryDelay);
            }
        }
    }

    // False when there is nothing left to write and nothing more to come.
    private bool TakeBatch(long lost, out Batch batch)
    {
        lock (_gate)
        {
            while (_length == 0 && lost == 0 && !_isCompleted)
            {
                _isWriterIdle = true;
                Monitor.Wait(_gate);
            }

            batch = new Batch(_length, _lines, _rejectedLines, _isCompleted);
            (_filling, _writing) = (_writing, _filling);
            _length = _lines = _rejectedLines = 0;
            return batch.Length > 0 || lost > 0 || !batch.IsLast;
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
