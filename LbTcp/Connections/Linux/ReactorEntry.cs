using System.Runtime.CompilerServices;

namespace LbTcp.Connections.Linux;

/// <summary>Await it to continue on a reactor's thread.</summary>
internal readonly struct ReactorEntry(Reactor reactor) : ICriticalNotifyCompletion
{
    public bool IsCompleted => Reactor.Current == reactor;

    public ReactorEntry GetAwaiter() => this;

    public void GetResult()
    {
        // Being there is the result.
    }

    public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

    public void UnsafeOnCompleted(Action continuation) => reactor.Post(static state => ((Action)state!)(), continuation);
}
