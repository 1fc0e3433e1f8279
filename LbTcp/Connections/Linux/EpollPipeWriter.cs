using System.IO.Pipelines;

namespace LbTcp.Connections.Linux;

/// <summary>Sends on a reactor's thread.</summary>
internal sealed class EpollPipeWriter(EpollConnection connection) : ConnectionPipeWriter
{
    private volatile bool _isCompleted;

    /// <summary>The connection that it sends to.</summary>
    public EpollConnection Connection => connection;

    public override bool IsCompleted => _isCompleted;

    protected override bool IsAwaitingAcknowledgement => connection.IsAwaitingAcknowledgement;

    protected override async ValueTask<FlushResult> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await connection.Reactor.EnterAsync();
        using CancellationTokenRegistration registration =
            cancellationToken.UnsafeRegister(static state => ((EpollConnection)state!).InterruptWrite(), connection);
        while (bytes.Length > 0)
        {
            await connection.WritableAsync();
            cancellationToken.ThrowIfCancellationRequested();
            bytes = bytes[connection.Send(bytes.Span)..];
        }

        return default;
    }

    protected override void Shut()
    {
        _isCompleted = true;
        connection.Finish();
    }

    protected override void Abort() => connection.Abort();
}
