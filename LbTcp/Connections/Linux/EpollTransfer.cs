using System.Buffers;
using System.IO.Pipelines;

namespace LbTcp.Connections.Linux;

/// <summary>
/// Moves bytes from one connection of a reactor to another: small messages through the reactor's scratch buffer, bulk through its kernel
/// pipe. Holds a buffer, of at most 256 KiB, only while there is something that the destination has no room for. Written as a state machine
/// by hand, as most of an idle connection's memory would otherwise be the compiler's.
/// </summary>
internal sealed class EpollTransfer : Transfer, IReadinessWaiter
{
    private const int MinFilling = 64 * 1024;
    private const int FirstBytes = 2 * 1024;

    private readonly StreamSocket _source;
    private readonly StreamSocket _destination;
    private PendingBytes? _pending;
    private int _leftOfTurn = BytesPerTurn;
    private bool _isBulk;
    private byte _growth; // of a filling, in doublings; in a byte that the object has anyway

    /// <summary>Prepares to copy between two connections of one reactor.</summary>
    public EpollTransfer(StreamSocket source, StreamSocket destination, TransferRace? race)
        : base(race)
    {
        _source = source;
        _destination = destination;
    }

    /// <summary>Sends <paramref name="received"/>, which came from the source before, ahead of everything else. Before the start.</summary>
    public void Prepend(in ReadOnlySequence<byte> received)
    {
        _pending = new PendingBytes(received);
        CountReceived(received.Length);
    }

    /// <summary>
    /// Copies until the source's FIN, after what <paramref name="output"/> of the destination still holds. From any thread.
    /// </summary>
    /// <remarks>That goes out in one piece with the first bytes of the source, if there are any yet.</remarks>
    public void Start(PipeWriter output)
    {
        if (output.UnflushedBytes > 0)
            _ = FlushAndStartAsync(output); // never throws
        else
            Start();
    }

    /// <summary>Copies until the source's FIN. From any thread.</summary>
    public void Start()
    {
        if (Reactor.Current == _source.Home.Reactor)
            OnReady();
        else
            _source.Home.Reactor.Post(static transfer => ((EpollTransfer)transfer!).OnReady(), this);
    }

    private async Task FlushAndStartAsync(PipeWriter output)
    {
        try
        {
            await _source.Home.Reactor.EnterAsync();
            int added = AddFirstBytes(output);
            _ = await output.FlushAsync();
            CountSent(added);
        }
        catch (Exception exception)
        {
            Release();
            Fail(exception);
            return;
        }

        await _source.Home.Reactor.EnterAsync();
        OnReady();
    }

    private int AddFirstBytes(PipeWriter output)
    {
        if (_pending is { } pending)
        {
            int moved = pending.MoveTo(output);
            Release();
            return moved;
        }

        int received = _source.IsReadable ? _source.Receive(output.GetSpan(FirstBytes)) : 0;
        if (received <= 0)
            return 0; // FIN is received again
        output.Advance(received);
        CountReceived(received);
        return received;
    }

    /// <summary>Continues, until it has to wait or has ended.</summary>
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

                if (_pending is not null)
                {
                    Drain(_pending);
                    continue;
                }

                if (!_source.IsReadable)
                {
                    _source.WaitToRead(this);
                    return;
                }

                if (_leftOfTurn <= 0)
                {
                    _leftOfTurn = BytesPerTurn;
                    _source.Home.Reactor.PostNextTurn(static transfer => ((EpollTransfer)transfer!).OnReady(), this);
                    return;
                }

                if (!Receive())
                    break;
            }

            _source.IsInputDone = true;
        }
        catch (Exception exception)
        {
            // Also a defect: it concerns the code that awaits this transfer, not the thread of all.
            Release();
            Fail(exception);
            return;
        }

        Complete();
    }

    /// <summary>Takes what the source has and hands it over as far as it goes; false after FIN.</summary>
    private bool Receive()
    {
        RelayThread home = _source.Home;
        if (_isBulk && !_source.HasUrgentData && home.Pipe.TryGet(Environment.TickCount64) is { } pipe)
        {
            Splice(pipe);
            return true;
        }

        int received = _source.Receive(home.Scratch);
        if (received <= 0)
            return received != 0;
        Count(received);
        int sent = _destination.Send(home.Scratch[..received]);
        CountSent(sent);
        if (sent < received)
            _pending = new PendingBytes(home.Scratch[sent..received]);
        return true;
    }

    private void Splice(SplicePipe pipe)
    {
        try
        {
            int filling = MinFilling << _growth;
            int received = _source.Receive(pipe, filling);
            Count(received);
            bool hasRoom = true;
            while (!pipe.IsEmpty && hasRoom)
            {
                int sent = _destination.Send(pipe);
                CountSent(sent);
                hasRoom = sent > 0;
            }

            // What the destination leaves is copied: fillings grow only while it takes them whole.
            if (!pipe.IsEmpty)
            {
                _growth = 0;
                _pending = new PendingBytes(pipe); // others need the pipe
            }
            else if (received == filling && filling < SplicePipe.MaxFilling)
            {
                _growth++;
            }
        }
        catch when (!pipe.IsEmpty)
        {
            _source.Home.Pipe.Discard();
            throw;
        }
    }

    // A receive that fills the scratch buffer announces bulk; one that does not, the end of it. Whether nothing at all is the end of the
    // stream is for a plain receive to say, since splice takes the mark of urgent data for it (tcp_read_sock in net/ipv4/tcp.c).
    private void Count(int moved)
    {
        if (moved < 0)
            return;
        CountReceived(moved);
        _isBulk = moved >= _source.Home.Scratch.Length;
        _leftOfTurn -= moved;
    }

    private void Drain(PendingBytes pending)
    {
        CountSent(pending.SendTo(_destination));
        if (pending.IsEmpty)
            Release();
    }

    private void Release()
    {
        _pending?.Release();
        _pending = null;
    }
}
