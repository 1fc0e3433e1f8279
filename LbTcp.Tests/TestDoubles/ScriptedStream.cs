using System.Text;

namespace LbTcp.Tests.TestDoubles;

/// <summary>An output that takes bytes, blocks or throws as a test says.</summary>
internal sealed class ScriptedStream : Stream
{
    private readonly object _gate = new();
    private readonly StringBuilder _text = new();
    private bool _isBlocked;
    private Exception? _failure;

    /// <summary>How many writes came, failed ones included.</summary>
    public int Writes { get; private set; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Makes writes wait until <see cref="Accept"/>.</summary>
    public void Block() => Change(() => _isBlocked = true);

    /// <summary>Makes writes throw until <see cref="Accept"/>, blocked ones included.</summary>
    public void Fail(Exception exception) => Change(() => (_isBlocked, _failure) = (false, exception));

    /// <summary>Lets writes through.</summary>
    public void Accept() => Change(() => (_isBlocked, _failure) = (false, null));

    /// <summary>Waits until the text or the number of writes is as wanted; fails after <see cref="Until.Patience"/>.</summary>
    /// <returns>The text so far.</returns>
    public string WaitFor(Func<string, bool> condition)
    {
        long deadline = Environment.TickCount64 + (long)Until.Patience.TotalMilliseconds;
        lock (_gate)
        {
            while (!condition(_text.ToString()))
                Assert.True(Monitor.Wait(_gate, (int)Math.Max(0, deadline - Environment.TickCount64)), $"The output stayed: {_text}");
            return _text.ToString();
        }
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        lock (_gate)
        {
            Writes++;
            Monitor.PulseAll(_gate);
            while (_isBlocked)
                Monitor.Wait(_gate);
            if (_failure is not null)
                throw _failure;
            _text.Append(Encoding.UTF8.GetString(buffer));
            Monitor.PulseAll(_gate);
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private void Change(Action change)
    {
        lock (_gate)
        {
            change();
            Monitor.PulseAll(_gate);
        }
    }
}
