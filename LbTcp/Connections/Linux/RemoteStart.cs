using System.Threading.Tasks.Sources;

namespace LbTcp.Connections.Linux;

/// <summary>
/// Goes on where a connection lives, when it was accepted on another reactor's thread: the connection's first event, which every socket has at
/// once because it is writable, brings whoever awaits this home. It asks for events only when somebody waits, so that nobody can find it
/// completed and go on where he was.
/// </summary>
internal sealed class RemoteStart(EpollConnection connection) : IValueTaskSource, IReadinessWaiter
{
    private Action<object?>? _continuation;
    private object? _state;

    public ValueTaskSourceStatus GetStatus(short token) =>
        Reactor.Current == connection.Reactor ? ValueTaskSourceStatus.Succeeded : ValueTaskSourceStatus.Pending;

    public void GetResult(short token) => connection.ThrowIfFailed();

    public void OnReady() => _continuation!(_state);

    // From the registration on, the connection belongs to the other thread: everything has to be in place before. A connection that cannot be
    // registered has no events.
    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        _continuation = continuation;
        _state = state;
        if (!connection.TryRegister(this))
            connection.Reactor.Post(OnReady);
    }
}
