using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;

namespace LbTcp.Connections.Linux;

/// <summary>
/// A connection that lives on one <see cref="Reactor"/>. Its readiness is edge-triggered: an event sets a flag, a call that would block clears
/// it, and whoever finds it cleared waits. Members without another word are for the reactor's thread only.
/// </summary>
internal sealed class EpollConnection : IConnection
{
    /// <summary>The events that a connection is told of.</summary>
    public const EpollEvents Events =
        EpollEvents.Readable | EpollEvents.Writable | EpollEvents.PeerFinished | EpollEvents.Urgent | EpollEvents.EdgeTriggered;

    private readonly EpollPipeReader _input;
    private readonly EpollPipeWriter _output;
    private readonly bool _isClient;
    private Action? _readWaiter;
    private Action? _writeWaiter;
    private long _bytesReceived;
    private long _bytesSent;
    private volatile SocketError _failure;
    private volatile bool _isReset;
    private bool _isEndNear;
    private bool _isClosed;

    /// <summary>Takes over a connected or connecting, non-blocking socket.</summary>
    public EpollConnection(Reactor reactor, int descriptor, ulong token, IPEndPoint remoteEndPoint, bool isClient)
    {
        Reactor = reactor;
        Descriptor = descriptor;
        Token = token;
        RemoteEndPoint = remoteEndPoint;
        _isClient = isClient;
        _input = new EpollPipeReader(this);
        _output = new EpollPipeWriter(this);
        if (isClient)
            reactor.CountClient(1);
    }

    /// <summary>Where it lives.</summary>
    public Reactor Reactor { get; }

    /// <summary>The socket.</summary>
    public int Descriptor { get; }

    /// <summary>What its events carry.</summary>
    public ulong Token { get; }

    public IPEndPoint RemoteEndPoint { get; }

    public PipeReader Input => _input;

    public PipeWriter Output => _output;

    public long BytesReceived => Volatile.Read(ref _bytesReceived);

    public long BytesSent => Volatile.Read(ref _bytesSent);

    // Asked from another thread while this one closes, the number may already be another's; the answer is then about that one, once.
    public long BytesAcknowledged => OutputQueueSize() is >= 0 and int queued ? BytesSent - queued : 0;

    public bool IsReset => _isReset;

    /// <summary>The first failure, or <see cref="SocketError.Success"/>. From any thread.</summary>
    public SocketError Failure => _failure;

    /// <summary>Whether a receive may find something.</summary>
    public bool IsReadable { get; private set; }

    /// <summary>Whether a send may find room.</summary>
    public bool IsWritable { get; private set; }

    /// <summary>Whether everything up to the peer's FIN was received and passed on.</summary>
    public bool IsInputDone { get; set; }

    /// <summary>Whether it is known that the peer's system has not acknowledged everything, and may yet do so. From any thread.</summary>
    public bool IsAwaitingAcknowledgement => _failure is SocketError.Success && !_isReset && OutputQueueSize() > 0;

    public ValueTask StartAsync()
    {
        if (Reactor.Current != Reactor)
            return StartElsewhereAsync();
        _ = TryRegister();
        return ValueTask.CompletedTask;
    }

    /// <summary>Asks for the connection's events; when that is refused, the connection has failed.</summary>
    public bool TryRegister()
    {
        int errno = Reactor.Add(this);
        if (errno != 0)
            _ = Fail(errno);
        return errno == 0;
    }

    /// <summary>Await it to go on when <see cref="IsReadable"/>. One at a time.</summary>
    public ReadinessAwaiter ReadableAsync() => new(this, isWrite: false);

    /// <summary>Await it to go on when <see cref="IsWritable"/>. One at a time.</summary>
    public ReadinessAwaiter WritableAsync() => new(this, isWrite: true);

    /// <summary>Runs <paramref name="continuation"/> when the connection becomes ready, or fails.</summary>
    public void WaitFor(bool isWrite, Action continuation)
    {
        if (isWrite)
            _writeWaiter = continuation;
        else
            _readWaiter = continuation;
    }

    /// <summary>Wakes whoever waits to receive, as if there were something. From any thread.</summary>
    public void InterruptRead() => Reactor.Post(WakeReader);

    /// <summary>Wakes whoever waits to send, as if there were room. From any thread.</summary>
    public void InterruptWrite() => Reactor.Post(WakeWriter);

    /// <summary>The system's word on what happened.</summary>
    public void OnEvents(EpollEvents events)
    {
        bool hasEnded = (events & (EpollEvents.Error | EpollEvents.HangUp)) != 0;
        if (hasEnded && ((events & EpollEvents.Error) != 0 || !_output.IsCompleted))
            _isReset = true;

        // A short receive means that the system has no more, except in front of a FIN, an error or the mark of urgent data.
        if (hasEnded || (events & (EpollEvents.PeerFinished | EpollEvents.Urgent)) != 0)
            _isEndNear = true;
        if (hasEnded || (events & (EpollEvents.Readable | EpollEvents.PeerFinished | EpollEvents.Urgent)) != 0)
            WakeReader();
        if (hasEnded || (events & EpollEvents.Writable) != 0)
            WakeWriter();
    }

    /// <summary>Receives into <paramref name="buffer"/>.</summary>
    /// <returns>How many bytes; 0 for FIN; -1 when there is nothing to receive now.</returns>
    /// <exception cref="ConnectionException">The connection failed.</exception>
    public unsafe int Receive(Span<byte> buffer)
    {
        ThrowIfFailed();
        nint received;
        fixed (byte* start = buffer)
        {
            do
                received = LinuxCalls.Receive(Descriptor, start, (nuint)buffer.Length, 0);
            while (received < 0 && LinuxCalls.Errno is LinuxCalls.Interrupted);
        }

        if (received < buffer.Length && !_isEndNear)
            IsReadable = false; // the next edge tells of more: no call to find out
        return Received(received);
    }

    /// <summary>Receives into a pipe.</summary>
    /// <returns>How many bytes; 0 for FIN; -1 when there is nothing to receive now.</returns>
    /// <exception cref="ConnectionException">The connection failed.</exception>
    public unsafe int ReceiveInto(int pipe, int count)
    {
        ThrowIfFailed();
        nint received;
        do
            received = LinuxCalls.Splice(Descriptor, null, pipe, null, (nuint)count, LinuxCalls.SpliceMoveNonBlocking);
        while (received < 0 && LinuxCalls.Errno is LinuxCalls.Interrupted);
        return Received(received);
    }

    /// <summary>Sends from <paramref name="bytes"/>.</summary>
    /// <returns>How many bytes were taken; fewer than given when there is no more room now.</returns>
    /// <exception cref="ConnectionException">The connection failed.</exception>
    public unsafe int Send(ReadOnlySpan<byte> bytes)
    {
        ThrowIfFailed();
        nint sent;
        fixed (byte* start = bytes)
        {
            do
                sent = LinuxCalls.Send(Descriptor, start, (nuint)bytes.Length, LinuxCalls.NoSignal);
            while (sent < 0 && LinuxCalls.Errno is LinuxCalls.Interrupted);
        }

        return Sent(sent, bytes.Length);
    }

    /// <summary>Sends from a pipe.</summary>
    /// <returns>How many bytes were taken; fewer than given when there is no more room now.</returns>
    /// <exception cref="ConnectionException">The connection failed.</exception>
    public unsafe int SendFrom(int pipe, int count)
    {
        ThrowIfFailed();
        nint sent;
        do
            sent = LinuxCalls.Splice(pipe, null, Descriptor, null, (nuint)count, LinuxCalls.SpliceMoveNonBlocking);
        while (sent < 0 && LinuxCalls.Errno is LinuxCalls.Interrupted);
        return Sent(sent, sent > 0 ? (int)sent : count);
    }

    /// <summary>Sends FIN, unless the close that is about to follow does it: everything was received and passed on, nothing is left to do.</summary>
    /// <exception cref="ConnectionException">The connection failed.</exception>
    public void Finish()
    {
        ThrowIfFailed();
        if (!IsInputDone && LinuxCalls.Shutdown(Descriptor, LinuxCalls.ShutWrite) != 0)
            throw Fail(LinuxCalls.Errno);
    }

    /// <summary>The error of a connect that has just ended, or success.</summary>
    public unsafe SocketError ConnectError()
    {
        if (_failure is SocketError.Success && _isReset)
        {
            int errno = 0;
            int length = sizeof(int);
            _ = LinuxCalls.GetSocketOption(Descriptor, LinuxCalls.SocketLevel, LinuxCalls.SocketError, &errno, &length);
            _ = Fail(errno);
        }

        return _failure;
    }

    /// <summary>Resets. From any thread.</summary>
    public unsafe void Abort()
    {
        if (Reactor.Current != Reactor)
        {
            Reactor.Post(Abort);
            return;
        }

        if (_isClosed)
            return;
        _ = Fail(SocketError.OperationAborted);
        long onZeroSeconds = 1; // struct linger { 1, 0 }: close sends RST
        _ = LinuxCalls.SetSocketOption(Descriptor, LinuxCalls.SocketLevel, LinuxCalls.Linger, &onZeroSeconds, sizeof(long));
        Close();
        WakeReader();
        WakeWriter();
    }

    /// <summary>Closes the socket and gives back what it held; no read or write may be pending. From any thread.</summary>
    public async ValueTask DisposeAsync()
    {
        await Reactor.EnterAsync();
        Close();
        _input.Complete();
        _output.ReturnBuffer();
    }

    /// <summary>Remembers a failure and makes the exception for it; the first one wins, since the system reports each only once.</summary>
    public ConnectionException Fail(SocketError error)
    {
        if (_failure is SocketError.Success)
            _failure = error;
        return new ConnectionException(this, _failure);
    }

    private ConnectionException Fail(int errno) => Fail(Errno.ToSocketError(errno));

    // The first event, which every socket has at once because it is writable, brings the caller home.
    private async ValueTask StartElsewhereAsync() => await new RemoteStart(this);

    private void ThrowIfFailed()
    {
        if (_failure is not SocketError.Success)
            throw Fail(_failure);
    }

    private int Received(nint received)
    {
        if (received >= 0)
        {
            Volatile.Write(ref _bytesReceived, _bytesReceived + received);
            return (int)received;
        }

        if (LinuxCalls.Errno is not LinuxCalls.WouldBlock)
            throw Fail(LinuxCalls.Errno);
        IsReadable = false;
        return -1;
    }

    private int Sent(nint sent, int offered)
    {
        if (sent < 0 && LinuxCalls.Errno is not LinuxCalls.WouldBlock)
            throw Fail(LinuxCalls.Errno);
        int taken = (int)Math.Max(sent, 0);
        if (taken < offered)
            IsWritable = false; // the next edge tells of room
        Volatile.Write(ref _bytesSent, _bytesSent + taken);
        return taken;
    }

    private void WakeReader()
    {
        IsReadable = true;
        Action? waiter = _readWaiter;
        _readWaiter = null;
        waiter?.Invoke();
    }

    private void WakeWriter()
    {
        IsWritable = true;
        Action? waiter = _writeWaiter;
        _writeWaiter = null;
        waiter?.Invoke();
    }

    private void Close()
    {
        if (_isClosed)
            return;
        _isClosed = true;
        Reactor.Forget(this);
        if (_isClient)
            Reactor.CountClient(-1);
        _ = LinuxCalls.Close(Descriptor);
    }

    private unsafe int OutputQueueSize()
    {
        int queued;
        return LinuxCalls.DeviceControl(Descriptor, LinuxCalls.OutputQueueSize, &queued) == 0 ? queued : -1;
    }
}
