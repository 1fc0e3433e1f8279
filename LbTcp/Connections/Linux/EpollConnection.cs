using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using LbTcp.Configuration;

namespace LbTcp.Connections.Linux;

/// <summary>
/// A connection that lives on one <see cref="Reactor"/>. Its readiness is edge-triggered: an event sets a flag, a call that would block clears
/// it, and whoever finds it cleared waits. Members without another word are for the reactor's thread only.
/// </summary>
internal sealed partial class EpollConnection : IConnection
{
    /// <summary>The events that a connection is told of.</summary>
    public const EpollEvents Events =
        EpollEvents.Readable | EpollEvents.Writable | EpollEvents.PeerFinished | EpollEvents.Urgent | EpollEvents.EdgeTriggered;

    private readonly LinuxSocket _socket;
    private readonly EpollPipeReader _input;
    private readonly EpollPipeWriter _output;
    private readonly bool _isClient;
    private Readiness _readable;
    private Readiness _writable;
    private volatile SocketError _failure;
    private volatile bool _isReset;
    private bool _isEndNear;
    private bool _isClosed;

    /// <summary>Takes over a connected or connecting, non-blocking socket.</summary>
    public EpollConnection(Reactor reactor, int descriptor, ulong token, IPEndPoint remoteEndPoint, bool isClient)
    {
        Reactor = reactor;
        _socket = new LinuxSocket(descriptor);
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
    public int Descriptor => _socket.Descriptor;

    /// <summary>What its events carry.</summary>
    public ulong Token { get; }

    public IPEndPoint RemoteEndPoint { get; }

    public PipeReader Input => _input;

    public PipeWriter Output => _output;

    public bool IsReset => _isReset;

    /// <summary>The first failure, or <see cref="SocketError.Success"/>. From any thread.</summary>
    public SocketError Failure => _failure;

    /// <summary>Whether a receive may find something.</summary>
    public bool IsReadable => _readable.IsSet;

    /// <summary>Whether a send may find room.</summary>
    public bool IsWritable => _writable.IsSet;

    /// <summary>Whether the peer has ever sent urgent data.</summary>
    public bool HasUrgentData { get; private set; }

    public ValueTask StartAsync()
    {
        if (Reactor.Current != Reactor)
            return new ValueTask(new RemoteStart(this), 0);
        return TryRegister() ? ValueTask.CompletedTask : ValueTask.FromException(Fail(_failure));
    }

    public ValueTask ReturnAsync() => Reactor.Current == Reactor ? ValueTask.CompletedTask : new ValueTask(new RemoteReturn(Reactor), 0);

    /// <summary>
    /// Asks for the connection's events; false when it was aborted before, or the system refuses: then it has failed. From the thread that made
    /// the connection.
    /// </summary>
    /// <param name="firstWaiter">Is told when the connection becomes writable.</param>
    public bool TryRegister(IReadinessWaiter? firstWaiter = null)
    {
        lock (_input) // against an abort, on the reactor's thread
        {
            if (_isClosed)
                return false;
            if (firstWaiter is not null)
                WaitToWrite(firstWaiter);
            int errno = Reactor.Add(this);
            if (errno == 0)
                return true;
            _writable.StopWaiting();
            _ = Fail(-errno);
            return false;
        }
    }

    /// <summary>Await it to go on when <see cref="IsReadable"/>. One at a time.</summary>
    public ReadinessAwaiter ReadableAsync() => new(this, isWrite: false);

    /// <summary>Await it to go on when <see cref="IsWritable"/>. One at a time.</summary>
    public ReadinessAwaiter WritableAsync() => new(this, isWrite: true);

    /// <summary>Tells <paramref name="waiter"/> when the connection becomes readable, or fails.</summary>
    public void WaitToRead(IReadinessWaiter waiter) => _readable.Wait(waiter);

    /// <summary>Tells <paramref name="waiter"/> when the connection becomes writable, or fails.</summary>
    public void WaitToWrite(IReadinessWaiter waiter) => _writable.Wait(waiter);

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
        HasUrgentData |= (events & EpollEvents.Urgent) != 0;
        if (hasEnded || HasUrgentData || (events & EpollEvents.PeerFinished) != 0)
            _isEndNear = true;
        if (hasEnded || (events & (EpollEvents.Readable | EpollEvents.PeerFinished | EpollEvents.Urgent)) != 0)
            WakeReader();
        if (hasEnded || (events & EpollEvents.Writable) != 0)
            WakeWriter();
    }

    /// <summary>The error of a connect that has just ended, or success.</summary>
    public SocketError ConnectError()
    {
        if (_failure is SocketError.Success && _isReset)
            _ = Fail(-_socket.TakeError());
        return _failure;
    }

    /// <summary>Has the peer asked for a sign of life when the connection is silent for long.</summary>
    public void KeepAlive(TransportOptions options)
    {
        _socket.Set(LinuxCalls.SocketLevel, LinuxCalls.KeepAlive, 1);
        _socket.Set(LinuxCalls.TcpLevel, LinuxCalls.TcpKeepIdle, SocketTuning.KeepAliveSeconds(options));
        _socket.Set(LinuxCalls.TcpLevel, LinuxCalls.TcpKeepInterval, SocketTuning.KeepAliveIntervalSeconds);
        _socket.Set(LinuxCalls.TcpLevel, LinuxCalls.TcpKeepCount, SocketTuning.KeepAliveProbes);
    }

    /// <summary>Resets. From any thread.</summary>
    public void Abort()
    {
        if (Reactor.Current != Reactor)
        {
            Reactor.Post(Abort);
            return;
        }

        if (_isClosed)
            return;
        _ = Fail(SocketError.OperationAborted);
        Forget();
        _socket.Reset();
        WakeReader();
        WakeWriter();
    }

    /// <summary>Closes the socket and gives back what it held; no read or write may be pending. From any thread.</summary>
    public async ValueTask DisposeAsync()
    {
        await Reactor.EnterAsync();
        if (!_isClosed)
        {
            Forget();
            _socket.Close();
        }

        _input.Complete();
        _output.ReturnBuffer();
    }

    /// <summary>Remembers a failure and makes the exception for it; the first one wins, since the system reports each only once.</summary>
    public ConnectionException Fail(SocketError error)
    {
        if (_failure is SocketError.Success)
            _failure = error;
        _isEndNear = true; // whoever reads on has to find it
        return new ConnectionException(this, _failure);
    }

    /// <summary>Throws what <see cref="Fail(SocketError)"/> made, if anything.</summary>
    public void ThrowIfFailed()
    {
        if (_failure is not SocketError.Success)
            throw Fail(_failure);
    }

    // Takes the error number as the system calls return it: negated.
    private ConnectionException Fail(int negatedErrno) => Fail(Errno.ToSocketError(-negatedErrno));

    private void WakeReader() => _readable.Wake();

    private void WakeWriter() => _writable.Wake();

    // Before the descriptor is closed: its number may be another connection's the moment after.
    private void Forget()
    {
        lock (_input) // against a registration, on the thread that accepted it
        {
            _isClosed = true;
            Reactor.Forget(this);
        }

        if (_isClient)
            Reactor.CountClient(-1);
    }
}
