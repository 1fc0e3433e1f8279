using System.Net.Sockets;
using LbTcp.Diagnostics;

namespace LbTcp.Connections.Linux;

/// <summary>A socket of a connection as bytes pass through it. Used on the reactor's thread.</summary>
internal abstract class StreamSocket(RelayThread home, int descriptor, ConnectionSide side) : ReactorSocket(home, descriptor, side)
{
    /// <summary>Whether everything up to the peer's FIN was received and passed on.</summary>
    public bool IsInputDone { get; set; }

    /// <summary>
    /// Whether the peer's system has not acknowledged everything, as far as is known, and may yet do so. May be read from any thread.
    /// </summary>
    public bool IsAwaitingAcknowledgement =>
        Failure is SocketError.Success && !IsReset && TryReadInfo(out TcpInfo info) && !info.IsFlushed && !info.IsClosed;

    /// <summary>Receives into <paramref name="buffer"/>.</summary>
    /// <returns>The number of bytes; 0 for FIN; -1 when there is nothing to receive now.</returns>
    /// <exception cref="ConnectionException">The connection failed.</exception>
    public int Receive(Span<byte> buffer)
    {
        ThrowIfClosed();
        int received = Received(Socket.Receive(buffer));
        if (received < buffer.Length && !IsEndNear)
            ClearReadable(); // the next edge announces more: no call to find out
        return received;
    }

    /// <summary>Receives into an empty pipe.</summary>
    /// <returns>The number of bytes; 0 for FIN or the mark of urgent data; -1 when there is nothing to receive now, or that mark.</returns>
    /// <exception cref="ConnectionException">The connection failed.</exception>
    public int Receive(SplicePipe pipe, int filling)
    {
        ThrowIfClosed();
        return Received(pipe.FillFrom(Socket, filling));
    }

    /// <summary>Sends from <paramref name="bytes"/>.</summary>
    /// <returns>The number of bytes; fewer than given when there is no more room now.</returns>
    /// <exception cref="ConnectionException">The connection failed.</exception>
    public int Send(ReadOnlySpan<byte> bytes)
    {
        ThrowIfFailed();
        int sent = Sent(Socket.Send(bytes));
        if (sent < bytes.Length)
            ClearWritable(); // the next edge announces room
        return sent;
    }

    /// <summary>Sends what <paramref name="pipe"/> holds.</summary>
    /// <returns>The number of bytes, which may be fewer although there is room; 0 when there is no room now.</returns>
    /// <exception cref="ConnectionException">The connection failed.</exception>
    public int Send(SplicePipe pipe)
    {
        ThrowIfFailed();
        return Sent(pipe.SendTo(Socket));
    }

    /// <summary>
    /// Sends FIN, unless the close that is about to follow does it: everything was received and passed on, nothing is left to do.
    /// </summary>
    /// <exception cref="ConnectionException">The connection failed.</exception>
    public void Finish()
    {
        IsOutputCompleted = true;
        ThrowIfFailed();
        if (!IsInputDone && Socket.Shut() is < 0 and int error)
            throw FailByErrno(error);
    }

    // What was received before the connection failed can still be read.
    private void ThrowIfClosed()
    {
        if (IsClosed)
            throw Fail(SocketError.OperationAborted);
    }

    private int Received(int result)
    {
        if (result == 0)
            ThrowIfFailed(); // a send that failed took the system's error with it: what looks like FIN is none
        if (result >= 0)
            return result;
        if (result != -LinuxCalls.WouldBlock)
        {
            InterruptWrite(); // as in Sent
            throw FailByErrno(result);
        }

        ClearReadable();
        ThrowIfFailed(); // what was received before has been taken
        return -1;
    }

    private int Sent(int result)
    {
        if (result >= 0)
            return result;
        if (result != -LinuxCalls.WouldBlock)
        {
            InterruptRead(); // an error of this system alone is no event, and a reader would wait for ever
            throw FailByErrno(result);
        }

        ClearWritable();
        return 0;
    }

    // Takes the error number as the system calls return it: negated.
    private ConnectionException FailByErrno(int negatedErrno) => Fail(Errno.ToSocketError(-negatedErrno));
}
