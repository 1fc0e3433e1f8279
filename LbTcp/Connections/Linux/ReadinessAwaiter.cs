using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace LbTcp.Connections.Linux;

/// <summary>Await it to continue when a socket is readable or writable, or has failed.</summary>
internal readonly struct ReadinessAwaiter(ReactorSocket socket, bool isWrite) : ICriticalNotifyCompletion
{
    public bool IsCompleted =>
        (isWrite ? socket.IsWritable : socket.IsReadable) || socket.Failure is not SocketError.Success;

    public ReadinessAwaiter GetAwaiter() => this;

    public void GetResult()
    {
        // The call that follows finds out what has happened.
    }

    public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

    public void UnsafeOnCompleted(Action continuation)
    {
        var waiter = new Waiter(continuation);
        if (isWrite)
            socket.WaitToWrite(waiter);
        else
            socket.WaitToRead(waiter);
    }

    private sealed class Waiter(Action continuation) : IReadinessWaiter
    {
        public void OnReady() => continuation();
    }
}
