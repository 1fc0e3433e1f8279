using System.Net.Sockets;
using System.Threading.Tasks.Sources;

namespace LbTcp.Connections.Linux;

/// <summary>
/// One reactor's accept loop. All reactors have the listening socket in their epoll sets, and whichever is woken accepts; the client goes to live
/// on the reactor with the fewest. While nobody accepts, the socket is taken out of the set, and clients wait in the system's queue.
/// </summary>
internal sealed class EpollListener : IConnectionListener, IValueTaskSource<AcceptResult>
{
    // As many clients are taken for one event as a burst brings; the others of the reactor are served in between.
    private const int MostPerEvent = 8;

    private readonly TcpListener _listener;
    private readonly SafeSocketHandle _handle;
    private readonly int _descriptor;
    private readonly EpollSockets _sockets;
    private readonly Reactor _home;
    private readonly IReadOnlyList<Reactor> _reactors;
    private readonly ulong _token;
    private CancellationTokenRegistration _cancellation;
    private CancellationToken _cancellationToken;
    private Action<object?>? _continuation;
    private object? _state;
    private AcceptResult _result;
    private bool _isArmed;
    private bool _isWaiting;
    private int _leftOfEvent;

    /// <summary>For the accept loop that runs on <paramref name="home"/>, one of <paramref name="reactors"/>.</summary>
    public EpollListener(TcpListener listener, EpollSockets sockets, Reactor home, IReadOnlyList<Reactor> reactors)
    {
        _listener = listener;
        _handle = listener.Server.SafeHandle;
        _descriptor = (int)_handle.DangerousGetHandle();
        _sockets = sockets;
        _home = home;
        _reactors = reactors;
        _token = home.Add(this);
    }

    public ValueTask<AcceptResult> AcceptAsync(CancellationToken cancellationToken)
    {
        if (Reactor.Current != _home)
            return AcceptAtHomeAsync(cancellationToken);
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromResult(new AcceptResult(null, SocketError.OperationAborted));
        if (_leftOfEvent > 0 && TryAccept(out AcceptResult accepted))
            return ValueTask.FromResult(accepted);
        WatchFor(cancellationToken);
        if (!_isArmed && _home.Arm(_descriptor, _token) is not 0 and int errno)
            return ValueTask.FromResult(new AcceptResult(null, Errno.ToSocketError(errno)));
        _isArmed = true;
        _isWaiting = true;
        return new ValueTask<AcceptResult>(this, 0);
    }

    /// <summary>Clients wait. On the reactor's thread.</summary>
    public void OnClientWaiting()
    {
        if (!_isWaiting)
        {
            Disarm();
            return;
        }

        _leftOfEvent = MostPerEvent;
        if (TryAccept(out AcceptResult accepted))
            Complete(accepted);
        _leftOfEvent = 0;
    }

    /// <summary>Closes the port, for the accept loops of all reactors; that takes it out of their sets, too.</summary>
    public void Dispose()
    {
        _cancellation.Dispose();
        _home.Remove(_token);
        _listener.Stop();
    }

    AcceptResult IValueTaskSource<AcceptResult>.GetResult(short token) => _result;

    ValueTaskSourceStatus IValueTaskSource<AcceptResult>.GetStatus(short token) =>
        _isWaiting ? ValueTaskSourceStatus.Pending : ValueTaskSourceStatus.Succeeded;

    // The accept loop goes on where the result is made: on the reactor's thread, whatever context it asks for.
    void IValueTaskSource<AcceptResult>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        _state = state;
        _continuation = continuation;
    }

    private async ValueTask<AcceptResult> AcceptAtHomeAsync(CancellationToken cancellationToken)
    {
        await _home.EnterAsync();
        return await AcceptAsync(cancellationToken);
    }

    private bool TryAccept(out AcceptResult accepted)
    {
        _leftOfEvent--;
        SocketError error = _sockets.Accept(_descriptor, Emptiest(), out EpollConnection? connection);
        accepted = new AcceptResult(connection, error);
        if (error is not SocketError.WouldBlock)
            return true;
        _leftOfEvent = 0; // another thread was faster
        return false;
    }

    // A stay at home costs no thread a wake-up: one client more or less is not worth a move.
    private Reactor Emptiest()
    {
        Reactor emptiest = _home;
        int fewest = _home.Clients - 1;
        foreach (Reactor reactor in _reactors)
        {
            if (reactor.Clients >= fewest)
                continue;
            emptiest = reactor;
            fewest = reactor.Clients;
        }

        return emptiest;
    }

    private void WatchFor(CancellationToken cancellationToken)
    {
        if (cancellationToken == _cancellationToken)
            return;
        _cancellation.Dispose();
        _cancellationToken = cancellationToken;
        _cancellation = cancellationToken.UnsafeRegister(static state => ((EpollListener)state!).Cancel(), this);
    }

    // By the time this is heard of, a later call with another token may be waiting.
    private void Cancel() => _home.Post(() =>
    {
        if (_cancellationToken.IsCancellationRequested)
            Complete(new AcceptResult(null, SocketError.OperationAborted));
    });

    private void Complete(AcceptResult result)
    {
        if (!_isWaiting)
            return;
        _isWaiting = false;
        _result = result;
        Action<object?>? continuation = _continuation;
        _continuation = null;
        continuation?.Invoke(_state);
    }

    private void Disarm()
    {
        if (!_isArmed)
            return;
        _isArmed = false;
        bool isHeld = false;
        try
        {
            _handle.DangerousAddRef(ref isHeld); // or the number might be another's by now
            _home.Disarm(_descriptor);
        }
        catch (ObjectDisposedException)
        {
            // Closed meanwhile: it is in no set any more.
        }
        finally
        {
            if (isHeld)
                _handle.DangerousRelease();
        }
    }
}
