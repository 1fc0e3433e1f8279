using System.Buffers;

namespace LbTcp.Connections.Linux;

/// <summary>
/// Moves bytes from one connection of a reactor to another: small messages through the reactor's scratch buffer, bulk through a kernel pipe.
/// Holds a buffer or a pipe only while there is something that the destination has no room for. Written as a state machine by hand, as most
/// of an idle connection's memory would otherwise be the compiler's.
/// </summary>
internal sealed class EpollCopy : TaskCompletionSource, IReadinessWaiter
{
    private readonly EpollConnection _source;
    private readonly EpollConnection _destination;
    private SplicePipe? _pipe;
    private byte[]? _kept;
    private int _keptStart;
    private int _keptEnd;
    private int _leftOfTurn = Reactor.BytesPerTurn;
    private bool _isBulk;

    private EpollCopy(EpollConnection source, EpollConnection destination)
    {
        _source = source;
        _destination = destination;
    }

    /// <summary>Copies until the source's FIN. Runs on the reactor's thread.</summary>
    /// <returns>Completes after the last byte was handed over; fails with a <see cref="ConnectionException"/> when one of the two failed.</returns>
    public static Task RunAsync(EpollConnection source, EpollConnection destination)
    {
        var copy = new EpollCopy(source, destination);
        copy.OnReady();
        return copy.Task;
    }

    /// <summary>Goes on, until it has to wait or has ended.</summary>
    public void OnReady()
    {
        try
        {
            while (true)
            {
                // Also while there is nothing to hand over: what there is no room for would have to be kept.
                if (!_destination.IsWritable)
                {
                    _destination.WaitToWrite(this);
                    return;
                }

                if (_pipe is not null)
                {
                    DrainPipe(_pipe);
                    continue;
                }

                if (_kept is not null)
                {
                    SendKept(_kept);
                    continue;
                }

                if (!_source.IsReadable)
                {
                    _source.WaitToRead(this);
                    return;
                }

                if (_leftOfTurn <= 0)
                {
                    _leftOfTurn = Reactor.BytesPerTurn;
                    _source.Reactor.PostNextTurn(OnReady);
                    return;
                }

                if (!Receive())
                    break;
            }

            _source.IsInputDone = true;
            SetResult();
        }
        catch (ConnectionException exception)
        {
            Release();
            SetException(exception);
        }
    }

    /// <summary>Takes what the source has and hands it over as far as it goes; false after FIN.</summary>
    private bool Receive()
    {
        Reactor reactor = _source.Reactor;
        if (_isBulk && !_source.HasUrgentData && reactor.Pipes.TryRent() is { } pipe)
        {
            _pipe = pipe;
            int moved = pipe.Fill(_source);
            Count(moved);
            if (pipe.Length == 0)
                Release();
            return true;
        }

        int received = _source.Receive(reactor.Scratch);
        if (received <= 0)
            return received != 0;
        Count(received);
        int sent = _destination.Send(reactor.Scratch[..received]);
        if (sent < received)
            Keep(reactor.Scratch[sent..received]);
        return true;
    }

    // A receive that fills the scratch buffer announces bulk; one that does not, the end of it. Whether nothing at all is the end of the stream
    // is for a plain receive to say, since splice takes the mark of urgent data for it (tcp_read_sock in net/ipv4/tcp.c).
    private void Count(int moved)
    {
        if (moved < 0)
            return;
        _isBulk = moved >= _source.Reactor.Scratch.Length;
        _leftOfTurn -= moved;
    }

    private void DrainPipe(SplicePipe pipe)
    {
        pipe.Drain(_destination);
        if (pipe.Length == 0)
            Release();
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        _kept = ArrayPool<byte>.Shared.Rent(bytes.Length);
        bytes.CopyTo(_kept);
        _keptStart = 0;
        _keptEnd = bytes.Length;
    }

    private void SendKept(byte[] kept)
    {
        _keptStart += _destination.Send(kept.AsSpan(_keptStart, _keptEnd - _keptStart));
        if (_keptStart == _keptEnd)
            Release();
    }

    private void Release()
    {
        if (_pipe is not null)
            _source.Reactor.Pipes.Return(_pipe);
        if (_kept is not null)
            ArrayPool<byte>.Shared.Return(_kept);
        _pipe = null;
        _kept = null;
    }
}
