using System.Runtime.CompilerServices;

namespace LbTcp.Connections.Linux;

/// <summary>Lets the other connections of a reactor go first.</summary>
internal readonly struct ReactorTurn(Reactor reactor) : ICriticalNotifyCompletion
{
    public bool IsCompleted => false;

    public ReactorTurn GetAwaiter() => this;

    public void GetResult()
    {
        // Having waited is the result.
    }

    public void OnCompleted(Action continuation) => reactor.PostNextTurn(continuation);

    public void UnsafeOnCompleted(Action continuation) => reactor.PostNextTurn(continuation);
}
