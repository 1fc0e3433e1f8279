using LbTcp.Configuration;

namespace LbTcp.Connections.Linux;

/// <summary>A reactor and what the connections that live there share. Used on the reactor's thread only, unless noted otherwise.</summary>
internal sealed class RelayThread : ITransportThread, IDisposable
{
    // Larger messages are moved by splice, which a receive that fills this announces.
    private const int ScratchSize = 16 * 1024;

    private readonly byte[] _scratch = new byte[ScratchSize];
    private int _clients;

    /// <summary>Starts the thread.</summary>
    /// <param name="handlers">The event handlers of all threads.</param>
    /// <param name="options">How sockets are set up.</param>
    /// <param name="number">The reactor's number.</param>
    /// <param name="isForChecks">Whether it serves health checks instead of clients.</param>
    /// <exception cref="PlatformNotSupportedException">The system lacks a call that this transport needs.</exception>
    public RelayThread(HandlerTable handlers, TransportOptions options, int number, bool isForChecks = false)
    {
        IsForChecks = isForChecks;
        KeepAlive = new DeferredKeepAlive(handlers, options);
        Reactor = new Reactor(handlers, KeepAlive, number);
    }

    /// <summary>The reactor.</summary>
    public Reactor Reactor { get; }

    /// <inheritdoc/>
    public int Number => Reactor.Number;

    /// <inheritdoc/>
    public bool IsForChecks { get; }

    /// <inheritdoc/>
    public bool HasPipe => Pipe.IsOpen;

    /// <summary>The buffer that small messages pass through; its content is valid until the next await.</summary>
    public Span<byte> Scratch => _scratch;

    /// <summary>The pipe that bulk passes through.</summary>
    public ReactorPipe Pipe { get; init; } = new(SplicePipe.TryCreate);

    /// <summary>Sets keepalive on the connections that were dialled here.</summary>
    public DeferredKeepAlive KeepAlive { get; }

    /// <summary>The number of clients that live here. May be read from any thread.</summary>
    public int Clients => Volatile.Read(ref _clients);

    /// <summary>Changes the number of clients. From any thread.</summary>
    public void CountClient(int change) => Interlocked.Add(ref _clients, change);

    /// <inheritdoc/>
    public Task<int> TurnAsync()
    {
        var turned = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        Reactor.Post(static state => ((TaskCompletionSource<int>)state!).SetResult(LinuxThreads.CurrentId()), turned);
        return turned.Task;
    }

    /// <summary>Ends the thread. See <see cref="Reactor.Dispose"/>.</summary>
    public void Dispose()
    {
        Reactor.Dispose();
        Pipe.Dispose();
    }
}
