using System.Threading.Tasks.Sources;

namespace LbTcp.Connections.Linux;

/// <summary>
/// Continues on the thread where a connection lives, for a caller on another thread: the connection's first event, which every socket has
/// at once because it is writable, runs the continuation there. It asks for events only when something awaits it, so that no caller can
/// find it completed and continue on its own thread.
/// </summary>
internal sealed class RemoteStart(ReactorSocket socket) : IValueTaskSource, IReadinessWaiter
{
    private Action<object?>? _continuation;
    private object? _state;

    public ValueTaskSourceStatus GetStatus(short token) =>
        Reactor.Current == socket.Home.Reactor ? ValueTaskSourceStatus.Succeeded : ValueTaskSourceStatus.Pending;

    public void GetResult(short token) => socket.ThrowIfFailed();

    public void OnReady() => _continuation!(_state);

    // From the registration on, the connection belongs to the other thread: everything has to be in place before. A connection that cannot
    // be registered has no events, and one that is registered already has had its first.
    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        _continuation = continuation;
        _state = state;
        if (socket.IsRegistered || !socket.TryRegister(this))
            socket.Home.Reactor.Post(static start => ((RemoteStart)start!).OnReady(), this);
    }
}
