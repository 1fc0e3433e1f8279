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
    private IPendingBytes? _remainder;
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

                if (_remainder is not null)
                {
                    Drain(_remainder);
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
        }
        catch (Exception exception)
        {
            // Also a defect: it concerns whoever awaits this copy, not the thread of all.
            Release();
            SetException(exception);
            return;
        }

        SetResult();
    }

    /// <summary>Takes what the source has and hands it over as far as it goes; false after FIN.</summary>
    private bool Receive()
    {
        Reactor reactor = _source.Reactor;
        if (_isBulk && !_source.HasUrgentData && reactor.Pipes.TryRent() is { } pipe)
        {
            _remainder = pipe;
            Count(pipe.Fill(_source));
            if (pipe.IsEmpty)
                Release();
            return true;
        }

        int received = _source.Receive(reactor.Scratch);
        if (received <= 0)
            return received != 0;
        Count(received);
        int sent = _destination.Send(reactor.Scratch[..received]);
        if (sent < received)
            _remainder = new PendingBytes(reactor.Scratch[sent..received]);
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

    private void Drain(IPendingBytes remainder)
    {
        remainder.Drain(_destination);
        if (remainder.IsEmpty)
            Release();
    }

    private void Release()
    {
        _remainder?.Release(_source.Reactor);
        _remainder = null;
    }
}
