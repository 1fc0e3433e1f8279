using System.Diagnostics.CodeAnalysis;
using LbTcp.Configuration;

namespace LbTcp.Connections.Linux;

/// <summary>
/// The fast transport of Linux: one <see cref="Reactor"/> per core, each of which accepts, dials and relays; a connection lives on one of
/// them from the accept to the end. One more reactor is for health checks, so that they do not delay clients.
/// </summary>
internal sealed class EpollTransport : ITransport
{
    private readonly TransportOptions _options;
    private readonly HandlerTable _handlers = new();
    private readonly RelayThread[] _threads;
    private readonly RelayThread _checkThread;

    private EpollTransport(TransportOptions options, int threads)
    {
        _options = options;
        List<RelayThread> started = [];
        try
        {
            for (int i = 0; i < threads; i++)
                started.Add(new RelayThread(_handlers, options, i));
            _checkThread = new RelayThread(_handlers, options with { KeepAlive = TimeSpan.Zero }, threads, isForChecks: true);
        }
        catch
        {
            started.ForEach(thread => thread.Dispose());
            throw;
        }

        _threads = [.. started];
        Threads = [.. _threads, _checkThread];
        var sockets = new EpollSockets();
        Connector = new EpollConnector(sockets, _threads);
        CheckConnector = new EpollConnector(sockets, [_checkThread], isForChecks: true);
    }

    public string Name => "epoll";

    public IBackendConnector Connector { get; }

    public IBackendConnector CheckConnector { get; }

    public IReadOnlyList<ITransportThread> Threads { get; }

    /// <summary>Starts the transport where the system offers what it needs.</summary>
    /// <param name="options">How sockets are set up.</param>
    /// <param name="threads">How many reactors to run; at least 1.</param>
    /// <param name="transport">The transport.</param>
    /// <param name="reason">Otherwise what is missing.</param>
    public static bool TryCreate(
        TransportOptions options,
        int threads,
        [NotNullWhen(true)] out EpollTransport? transport,
        [NotNullWhen(false)] out string? reason)
    {
        transport = null;
        reason = OperatingSystem.IsLinux() ? null : "this system is not Linux";
        if (reason is null && !SplicePipe.IsSupported())
            reason = "the system does not allow splice";
        if (reason is not null)
            return false;
        try
        {
            transport = new EpollTransport(options, threads);
            return true;
        }
        catch (PlatformNotSupportedException exception)
        {
            reason = exception.Message;
            return false;
        }
    }

    /// <summary>The number of descriptors of the pipes that bulk passes through: two for each reactor.</summary>
    public static int PipeDescriptors(int threads) => 2 * threads;

    public IReadOnlyList<IConnectionListener> Listen(ListenSocket socket)
    {
        SocketTuning.Apply(socket.Socket, _options); // accepted sockets inherit it
        socket.Socket.Blocking = false;
        return new EpollListenSocket(socket, _handlers, _threads).Listeners;
    }

    public void Dispose()
    {
        foreach (RelayThread thread in _threads)
            thread.Dispose();
        _checkThread.Dispose();
    }
}
