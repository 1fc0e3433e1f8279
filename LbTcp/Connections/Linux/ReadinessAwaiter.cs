using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace LbTcp.Connections.Linux;

/// <summary>Waits until a connection is readable or writable, or has failed.</summary>
internal readonly struct ReadinessAwaiter(EpollConnection connection, bool isWrite) : ICriticalNotifyCompletion
{
    public bool IsCompleted =>
        (isWrite ? connection.IsWritable : connection.IsReadable) || connection.Failure is not SocketError.Success;

    public ReadinessAwaiter GetAwaiter() => this;

    public void GetResult()
    {
        // The call that follows finds out what has happened.
    }

    public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

    public void UnsafeOnCompleted(Action continuation)
    {
        var waiter = new ContinuationWaiter(continuation);
        if (isWrite)
            connection.WaitToWrite(waiter);
        else
            connection.WaitToRead(waiter);
    }
}
