using System.Net.Sockets;

namespace LbTcp.Connections.Linux;

/// <content>How bytes move, and how many have.</content>
internal sealed partial class EpollConnection
{
    private long _bytesReceived;
    private long _bytesSent;

    public long BytesReceived => Volatile.Read(ref _bytesReceived);

    public long BytesSent => Volatile.Read(ref _bytesSent);

    // Asked from another thread while this one closes, the number may already be another's; the answer is then about that one, once.
    public long BytesAcknowledged => _socket.OutputQueueSize() is >= 0 and int queued ? BytesSent - queued : 0;

    /// <summary>Whether everything up to the peer's FIN was received and passed on.</summary>
    public bool IsInputDone { get; set; }

    /// <summary>Whether it is known that the peer's system has not acknowledged everything, and may yet do so. From any thread.</summary>
    public bool IsAwaitingAcknowledgement => _failure is SocketError.Success && !_isReset && _socket.OutputQueueSize() > 0;

    /// <summary>Receives into <paramref name="buffer"/>.</summary>
    /// <returns>How many bytes; 0 for FIN; -1 when there is nothing to receive now.</returns>
    /// <exception cref="ConnectionException">The connection failed.</exception>
    public int Receive(Span<byte> buffer)
    {
        ThrowIfClosed();
        int received = Received(_socket.Receive(buffer));
        if (received < buffer.Length && !_isEndNear)
            _readable.Clear(); // the next edge tells of more: no call to find out
        return received;
    }

    /// <summary>Receives into a pipe.</summary>
    /// <returns>How many bytes; 0 for FIN or the mark of urgent data; -1 when there is nothing to receive now, or that mark.</returns>
    /// <exception cref="ConnectionException">The connection failed.</exception>
    public int ReceiveInto(int pipe, int count)
    {
        ThrowIfClosed();
        return Received(_socket.ReceiveInto(pipe, count));
    }

    /// <summary>Sends from <paramref name="bytes"/>.</summary>
    /// <returns>How many bytes were taken; fewer than given when there is no more room now.</returns>
    /// <exception cref="ConnectionException">The connection failed.</exception>
    public int Send(ReadOnlySpan<byte> bytes)
    {
        ThrowIfFailed();
        int sent = Sent(_socket.Send(bytes));
        if (sent < bytes.Length)
            _writable.Clear(); // the next edge tells of room
        return sent;
    }

    /// <summary>Sends from a pipe.</summary>
    /// <returns>How many bytes were taken; 0 when there is no room now.</returns>
    /// <exception cref="ConnectionException">The connection failed.</exception>
    public int SendFrom(int pipe, int count)
    {
        ThrowIfFailed();
        return Sent(_socket.SendFrom(pipe, count));
    }

    /// <summary>Sends FIN, unless the close that is about to follow does it: everything was received and passed on, nothing is left to do.</summary>
    /// <exception cref="ConnectionException">The connection failed.</exception>
    public void Finish()
    {
        ThrowIfFailed();
        if (!IsInputDone && _socket.Shut() is < 0 and int error)
            throw Fail(error);
    }

    // What was received before the connection failed can still be read.
    private void ThrowIfClosed()
    {
        if (_isClosed)
            throw Fail(SocketError.OperationAborted);
    }

    private int Received(int result)
    {
        if (result == 0)
            ThrowIfFailed(); // a send that failed took the system's error with it: what looks like FIN is none
        if (result >= 0)
        {
            Volatile.Write(ref _bytesReceived, _bytesReceived + result);
            return result;
        }

        if (result != -LinuxCalls.WouldBlock)
        {
            InterruptWrite(); // as in Sent
            throw Fail(result);
        }

        _readable.Clear();
        ThrowIfFailed(); // what was received before has been taken
        return -1;
    }

    private int Sent(int result)
    {
        if (result >= 0)
        {
            Volatile.Write(ref _bytesSent, _bytesSent + result);
            return result;
        }

        if (result != -LinuxCalls.WouldBlock)
        {
            InterruptRead(); // an error of this system alone is no event, and whoever reads would wait for ever
            throw Fail(result);
        }

        _writable.Clear();
        return 0;
    }
}
