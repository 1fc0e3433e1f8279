using System.Threading.Tasks.Sources;

namespace LbTcp.Connections.Linux;

/// <summary>
/// Goes on where a connection lives, from another thread. It is posted there only when somebody waits, so that nobody can find it completed
/// and go on where he was.
/// </summary>
internal sealed class RemoteReturn(Reactor reactor) : IValueTaskSource
{
    public ValueTaskSourceStatus GetStatus(short token) =>
        Reactor.Current == reactor ? ValueTaskSourceStatus.Succeeded : ValueTaskSourceStatus.Pending;

    public void GetResult(short token)
    {
        // Being there is the result.
    }

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        reactor.Post(() => continuation(state));
}
