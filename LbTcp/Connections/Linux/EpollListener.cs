using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;

namespace LbTcp.Connections.Linux;

/// <summary>
/// One reactor's accept loop. A client lives on the reactor that has the fewest. While nothing accepts, the socket is taken out of the
/// epoll set, and clients wait in the system's queue.
/// </summary>
internal sealed class EpollListener : IConnectionListener, IValueTaskSource<ConnectionResult>
{
    // The maximum number of clients that are accepted for one event; the reactor's other events are handled in between.
    private const int MaxPerEvent = 8;

    private readonly EpollListenSocket _socket;
    private readonly RelayThread _home;
    private readonly IReadOnlyList<RelayThread> _threads;
    private readonly CancellationTokenRegistration _closed;
    private CancellationTokenRegistration _cancellation;
    private CancellationToken _cancellationToken;
    private Action<object?>? _continuation;
    private object? _state;
    private ConnectionResult _result;
    private bool _isWatching;
    private bool _isWaiting;
    private int _leftOfEvent;
    private bool _isDisposed;

    /// <summary>For the accept loop that runs at <paramref name="home"/>, one of <paramref name="threads"/>.</summary>
    public EpollListener(EpollListenSocket socket, RelayThread home, IReadOnlyList<RelayThread> threads)
    {
        _socket = socket;
        _home = home;
        _threads = threads;
        _closed = socket.Closed.UnsafeRegister(static listener => ((EpollListener)listener!).PostCancel(), this);
    }

    public ValueTask<ConnectionResult> AcceptAsync(CancellationToken cancellationToken)
    {
        if (Reactor.Current != _home.Reactor)
            return AcceptAtHomeAsync(cancellationToken);
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromResult(AcceptQueued());
        if (_socket.Closed.IsCancellationRequested)
            return ValueTask.FromResult(ConnectionResult.Failed(SocketError.OperationAborted));
        if (_leftOfEvent > 0 && TryAccept(out ConnectionResult accepted))
            return ValueTask.FromResult(accepted);
        WatchFor(cancellationToken);
        if (!_isWatching && _socket.Watch(_home.Reactor) is not SocketError.Success and SocketError error)
            return ValueTask.FromResult(ConnectionResult.Failed(error));
        _isWatching = true;
        _isWaiting = true;
        return new ValueTask<ConnectionResult>(this, 0);
    }

    /// <summary>Called on the reactor's thread when clients wait.</summary>
    public void OnClientWaiting()
    {
        if (!_isWaiting)
        {
            _socket.Unwatch(_home.Reactor);
            _isWatching = false;
            return;
        }

        _leftOfEvent = MaxPerEvent;
        if (TryAccept(out ConnectionResult accepted))
            Complete(accepted);
        _leftOfEvent = 0;
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
            return;
        _closed.Dispose();
        _cancellation.Dispose();
        _socket.Remove(_home.Reactor);
    }

    ConnectionResult IValueTaskSource<ConnectionResult>.GetResult(short token) => _result;

    ValueTaskSourceStatus IValueTaskSource<ConnectionResult>.GetStatus(short token) =>
        _isWaiting ? ValueTaskSourceStatus.Pending : ValueTaskSourceStatus.Succeeded;

    // The accept loop continues where the result is made: on the reactor's thread, whatever context it asks for.
    void IValueTaskSource<ConnectionResult>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        _state = state;
        _continuation = continuation;
    }

    // Pooled, so that no task completes the call: a loop that comes from elsewhere continues here, and stays. See Transfer for why not with
    // a task.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ConnectionResult> AcceptAtHomeAsync(CancellationToken cancellationToken)
    {
        await _home.Reactor.EnterAsync();
        return await AcceptAsync(cancellationToken);
    }

    private bool TryAccept(out ConnectionResult accepted)
    {
        _leftOfEvent--;
        SocketError error = _socket.Accept(Emptiest(), out EpollConnection? connection);
        accepted = new ConnectionResult(connection, error);
        if (error is not SocketError.WouldBlock)
            return true;
        _leftOfEvent = 0; // another thread has accepted it
        return false;
    }

    // The next client in the system's queue; without waiting, also after the socket was closed.
    private ConnectionResult AcceptQueued() =>
        TryAccept(out ConnectionResult accepted) ? accepted : ConnectionResult.Failed(SocketError.OperationAborted);

    // Staying at home wakes no other thread: one client more or less is not worth a move.
    private RelayThread Emptiest()
    {
        RelayThread emptiest = _home;
        int fewest = _home.Clients - 1;
        foreach (RelayThread thread in _threads)
        {
            if (thread.Clients >= fewest)
                continue;
            emptiest = thread;
            fewest = thread.Clients;
        }

        return emptiest;
    }

    private void WatchFor(CancellationToken cancellationToken)
    {
        if (cancellationToken == _cancellationToken)
            return;
        _cancellation.Dispose();
        _cancellationToken = cancellationToken;
        _cancellation = cancellationToken.UnsafeRegister(static listener => ((EpollListener)listener!).PostCancel(), this);
    }

    private void PostCancel() => _home.Reactor.Post(static listener => ((EpollListener)listener!).Cancel(), this);

    // By the time this runs, a later call with another token may be waiting.
    private void Cancel()
    {
        if (_isWaiting && (_cancellationToken.IsCancellationRequested || _socket.Closed.IsCancellationRequested))
            Complete(AcceptQueued());
    }

    private void Complete(ConnectionResult result)
    {
        if (!_isWaiting)
            return;
        _isWaiting = false;
        _result = result;
        Action<object?>? continuation = _continuation;
        _continuation = null;
        continuation?.Invoke(_state);
    }
}
