using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace LbTcp.Connections.Sockets;

/// <summary>Sends to a managed socket.</summary>
internal sealed class SocketPipeWriter(SocketConnection connection, Socket socket) : ConnectionPipeWriter
{
    private static readonly TimeSpan _longestPause = TimeSpan.FromMilliseconds(50);

    private volatile bool _isCompleted;

    public override bool IsCompleted => _isCompleted;

    protected override bool IsAwaitingAcknowledgement =>
        connection.Failure is SocketError.Success && TcpInfo.TryRead(socket, out TcpInfo info) && !info.IsFlushed && !info.IsClosed;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    protected override async ValueTask<FlushResult> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            while (bytes.Length > 0)
            {
                int sent = await socket.SendAsync(bytes, SocketFlags.None, cancellationToken);
                bytes = bytes[sent..];
            }

            return default;
        }
        catch (Exception exception) when (connection.TryFail(exception, out ConnectionException? failure))
        {
            throw failure;
        }
    }

    // Nothing ends the pause early here, so it is short.
    protected override ValueTask PauseAsync(TimeSpan pause) => new(Task.Delay(pause < _longestPause ? pause : _longestPause));

    protected override void Shut()
    {
        try
        {
            _isCompleted = true;
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (connection.TryFail(exception, out ConnectionException? failure))
        {
            throw failure;
        }
    }

    protected override void Abort() => connection.Abort();
}
