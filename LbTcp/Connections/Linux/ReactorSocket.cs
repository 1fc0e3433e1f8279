using System.Net.Sockets;
using LbTcp.Diagnostics;

namespace LbTcp.Connections.Linux;

/// <summary>
/// A socket whose readiness is edge-triggered: an event sets a flag, a call that would block clears it, and code that finds it cleared
/// waits. Members must be used on the reactor's thread, unless noted otherwise.
/// </summary>
internal abstract class ReactorSocket(RelayThread home, int descriptor, ConnectionSide side) : RelaySocket(home, descriptor, side)
{
    private const EpollEvents Events =
        EpollEvents.Readable | EpollEvents.Writable | EpollEvents.PeerFinished | EpollEvents.Urgent | EpollEvents.EdgeTriggered;

    private Readiness _readable;
    private Readiness _writable;
    private volatile SocketError _failure;
    private volatile bool _isReset;
    private volatile bool _isOutputCompleted;

    /// <summary>Whether the peer has reset the connection. From any thread.</summary>
    public bool IsReset => _isReset;

    /// <summary>The first failure, or <see cref="SocketError.Success"/>. From any thread.</summary>
    public SocketError Failure => _failure;

    /// <summary>Whether a receive may find something.</summary>
    public bool IsReadable => _readable.IsSet;

    /// <summary>Whether a send may find room.</summary>
    public bool IsWritable => _writable.IsSet;

    /// <summary>Whether the peer has ever sent urgent data.</summary>
    public bool HasUrgentData { get; private set; }

    /// <summary>Whether FIN was sent, or will be with the close that is about to follow. May be read from any thread.</summary>
    public bool IsOutputCompleted
    {
        get => _isOutputCompleted;
        protected set => _isOutputCompleted = value;
    }

    /// <summary>
    /// Whether a FIN, an error or urgent data follows what can be received: a short receive does not mean that there is no more then.
    /// </summary>
    protected bool IsEndNear { get; set; }

    /// <summary>Whether it is a TCP socket, as opposed to a unix socket.</summary>
    protected abstract bool IsTcp { get; }

    /// <summary>
    /// Asks for the socket's events, once; false when it was aborted before, or the system refuses: then it has failed. Called on the
    /// thread that made the socket.
    /// </summary>
    /// <param name="firstWaiter">Is called when the socket becomes writable; never when the result is false.</param>
    public bool TryRegister(IReadinessWaiter? firstWaiter = null)
    {
        lock (this) // an abort on the home thread comes before all of this, or after: it never wakes a waiter that is about to be removed
        {
            if (IsClosed)
                return false;
            if (firstWaiter is not null)
                WaitToWrite(firstWaiter);
            int errno = Register(Events);
            if (errno == 0)
                return true;
            _writable.StopWaiting();
            _ = Fail(Errno.ToSocketError(errno));
            return false;
        }
    }

    /// <summary>Await it to continue when <see cref="IsReadable"/>. One at a time.</summary>
    public ReadinessAwaiter ReadableAsync() => new(this, isWrite: false);

    /// <summary>Await it to continue when <see cref="IsWritable"/>. One at a time.</summary>
    public ReadinessAwaiter WritableAsync() => new(this, isWrite: true);

    /// <summary>
    /// Await it to continue after <paramref name="pause"/>, or at once when the socket fails or is reset. No send may follow or be pending.
    /// </summary>
    public ReadinessAwaiter PauseAsync(TimeSpan pause)
    {
        _writable.Clear();
        _ = InterruptWriteAsync(pause); // never throws
        return WritableAsync();
    }

    /// <summary>Calls <paramref name="waiter"/> when the socket becomes readable, or fails.</summary>
    public void WaitToRead(IReadinessWaiter waiter) => _readable.Wait(waiter);

    /// <summary>Calls <paramref name="waiter"/> when the socket becomes writable, or fails.</summary>
    public void WaitToWrite(IReadinessWaiter waiter) => _writable.Wait(waiter);

    /// <summary>Wakes what waits to receive, as if there were something. From any thread.</summary>
    public void InterruptRead() => Home.Reactor.Post(static socket => ((ReactorSocket)socket!)._readable.Wake(), this);

    /// <summary>Wakes what waits to send, as if there were room. From any thread.</summary>
    public void InterruptWrite() => Home.Reactor.Post(static socket => ((ReactorSocket)socket!)._writable.Wake(), this);

    private async Task InterruptWriteAsync(TimeSpan after)
    {
        await Task.Delay(after).ConfigureAwait(false);
        InterruptWrite();
    }

    public override void OnEvents(EpollEvents events)
    {
        bool hasEnded = (events & (EpollEvents.Error | EpollEvents.HangUp)) != 0;

        // What was received before can still be read. A peer that resets after its FIN has sent everything: the system says "broken pipe"
        // then, to those who send (tcp_reset in net/ipv4/tcp_input.c).
        if ((events & EpollEvents.Error) != 0
            && Errno.ToSocketError(Socket.TakeError()) is not (SocketError.Success or SocketError.Shutdown) and var error)
            _ = Fail(error);
        // A unix socket whose peer has closed it in order has ended in both directions, too (unix_release_sock in net/unix/af_unix.c).
        if (hasEnded && ((events & EpollEvents.Error) != 0 || (IsTcp && !_isOutputCompleted)))
            _isReset = true;

        // A short receive means that the system has no more, except in front of a FIN, an error or the mark of urgent data.
        HasUrgentData |= (events & EpollEvents.Urgent) != 0;
        if (hasEnded || HasUrgentData || (events & EpollEvents.PeerFinished) != 0)
            IsEndNear = true;
        if (hasEnded || (events & (EpollEvents.Readable | EpollEvents.PeerFinished | EpollEvents.Urgent)) != 0)
            _readable.Wake();
        if (hasEnded || (events & EpollEvents.Writable) != 0)
            _writable.Wake();
    }

    /// <summary>Records a failure and makes the exception for it; the first one wins, since the system reports each only once.</summary>
    public ConnectionException Fail(SocketError error)
    {
        if (_failure is SocketError.Success)
            _failure = error;
        IsEndNear = true; // the next receive has to find it
        return new ConnectionException(Side, _failure);
    }

    /// <summary>Throws what <see cref="Fail(SocketError)"/> made, if anything.</summary>
    public void ThrowIfFailed()
    {
        if (_failure is not SocketError.Success)
            throw Fail(_failure);
    }

    /// <summary>Records that a receive found nothing more.</summary>
    protected void ClearReadable() => _readable.Clear();

    /// <summary>Records that a send found no more room.</summary>
    protected void ClearWritable() => _writable.Clear();

    /// <summary>Wakes what waits, in both directions.</summary>
    protected void WakeAll()
    {
        _readable.Wake();
        _writable.Wake();
    }
}
