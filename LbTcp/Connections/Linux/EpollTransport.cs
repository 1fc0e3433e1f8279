using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using LbTcp.Configuration;

namespace LbTcp.Connections.Linux;

/// <summary>
/// The fast transport of Linux: one <see cref="Reactor"/> per core, each of which accepts, dials and relays; a connection lives on one of
/// them from the accept to the end.
/// </summary>
internal sealed class EpollTransport : ITransport
{
    private const int MostPipesPerReactor = 64;

    private readonly TransportOptions _options;
    private readonly EpollSockets _sockets;
    private readonly Reactor[] _reactors;

    private EpollTransport(TransportOptions options, int threads, int descriptorLimit)
    {
        _options = options;
        var table = new ConnectionTable();
        _sockets = new EpollSockets(table);
        int pipes = PipesPerReactor(descriptorLimit, threads);
        List<Reactor> reactors = [];
        try
        {
            for (int i = 0; i < threads; i++)
                reactors.Add(new Reactor(table, options, pipes, $"reactor {i}"));
        }
        catch
        {
            reactors.ForEach(reactor => reactor.Dispose());
            throw;
        }

        _reactors = [.. reactors];
        Connector = new EpollConnector(_sockets, _reactors);
    }

    public string Name => "epoll";

    public IBackendConnector Connector { get; }

    /// <summary>Starts the transport where the system offers what it needs.</summary>
    /// <param name="options">How sockets are set up.</param>
    /// <param name="threads">How many reactors to run; at least 1.</param>
    /// <param name="descriptorLimit">How many descriptors the process may have.</param>
    /// <param name="transport">The transport.</param>
    /// <param name="reason">Otherwise what is missing.</param>
    public static bool TryCreate(
        TransportOptions options,
        int threads,
        int descriptorLimit,
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
            transport = new EpollTransport(options, threads, descriptorLimit);
            return true;
        }
        catch (PlatformNotSupportedException exception)
        {
            reason = exception.Message;
            return false;
        }
    }

    /// <summary>How many descriptors the pipes that bulk passes through may take.</summary>
    /// <param name="descriptorLimit">How many descriptors the process may have; null when unknown.</param>
    /// <param name="threads">How many reactors run.</param>
    public static int PipeDescriptors(long? descriptorLimit, int threads) => 2 * threads * PipesPerReactor(descriptorLimit ?? 0, threads);

    public IReadOnlyList<IConnectionListener> Listen(TcpListener listener)
    {
        SocketTuning.Apply(listener.Server, _options); // accepted sockets inherit it
        listener.Server.Blocking = false;
        return [.. _reactors.Select(home => new EpollListener(listener, _sockets, home, _reactors))];
    }

    public void Dispose()
    {
        foreach (Reactor reactor in _reactors)
            reactor.Dispose();
    }

    // Connections come first: where descriptors are few, a pipe or two have to do.
    private static int PipesPerReactor(long descriptorLimit, int threads) =>
        (int)Math.Clamp(descriptorLimit / (32 * threads), 1, MostPipesPerReactor);
}
