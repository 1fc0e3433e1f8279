using System.Runtime.CompilerServices;

namespace LbTcp.Connections.Linux;

/// <summary>Goes on where a connection lives, when it was accepted on another reactor's thread.</summary>
internal readonly struct RemoteStart(EpollConnection connection) : ICriticalNotifyCompletion
{
    public bool IsCompleted => false;

    public RemoteStart GetAwaiter() => this;

    public void GetResult()
    {
        // Being there is the result.
    }

    public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

    // From the registration on, the connection belongs to the other thread: the waiter has to be in place before.
    public void UnsafeOnCompleted(Action continuation)
    {
        connection.WaitToWrite(new ContinuationWaiter(continuation));
        if (!connection.TryRegister())
            connection.InterruptWrite();
    }
}
