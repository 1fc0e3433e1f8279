using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace LbTcp.Connections.Linux;

/// <summary>Sends on a reactor's thread.</summary>
internal sealed class EpollPipeWriter(EpollConnection connection) : ConnectionPipeWriter
{
    /// <summary>The socket that it sends to.</summary>
    public StreamSocket Socket => connection;

    public override bool IsCompleted => connection.IsOutputCompleted;

    protected override bool IsAwaitingAcknowledgement => connection.IsAwaitingAcknowledgement;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    protected override async ValueTask<FlushResult> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await connection.Home.Reactor.EnterAsync();
        using CancellationTokenRegistration registration =
            cancellationToken.UnsafeRegister(static state => ((ReactorSocket)state!).InterruptWrite(), connection);
        while (bytes.Length > 0)
        {
            await connection.WritableAsync();
            cancellationToken.ThrowIfCancellationRequested();
            bytes = bytes[connection.Send(bytes.Span)..];
        }

        return default;
    }

    protected override async ValueTask PauseAsync(TimeSpan pause)
    {
        await connection.Home.Reactor.EnterAsync();
        await connection.PauseAsync(pause);
    }

    protected override void Shut() => connection.Finish();

    protected override void Abort() => connection.Abort();
}
