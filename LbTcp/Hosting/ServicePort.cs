using System.Net;
using LbTcp.Connections;

namespace LbTcp.Hosting;

/// <summary>
/// A listening socket of a service with the loops that accept from it. It can be handed over to another service: the port stays open, and
/// clients that are in the system's queue in between are accepted by the other one.
/// </summary>
/// <param name="address">The address as it was configured and resolved; its port may be 0.</param>
/// <param name="localEndPoint">The address that the socket listens on.</param>
/// <param name="socket">The socket; closed with the port.</param>
/// <param name="listeners">Accept clients from the socket; each has an accept loop of its own.</param>
internal sealed class ServicePort(
    EndPoint address, EndPoint localEndPoint, IDisposable socket, IReadOnlyList<IConnectionListener> listeners) : IDisposable
{
    private CancellationTokenSource _stopping = new();
    private CancellationTokenSource _aborting = new();
    private Task _loops = Task.CompletedTask;
    private bool _isClosed;

    /// <summary>The address as it was configured and resolved; its port may be 0.</summary>
    public EndPoint Address => address;

    /// <summary>The address that the socket listens on.</summary>
    public EndPoint LocalEndPoint => localEndPoint;

    /// <summary>Creates the port of a socket.</summary>
    public static ServicePort Of(EndPoint address, ListenSocket socket, ITransport transport) =>
        new(address, socket.LocalEndPoint, socket, transport.Listen(socket));

    /// <summary>Starts to accept; again after <see cref="StopAsync"/>, possibly for another service.</summary>
    public void Start(AcceptLoop accepting, LoopSupervisor supervisor)
    {
        DisposeTokens();
        _stopping = new CancellationTokenSource();
        CancellationToken aborting = (_aborting = new CancellationTokenSource()).Token;
        _loops = Task.WhenAll(
            listeners.Select(listener => supervisor.Run(
                "accept", stopping => accepting.RunAsync(listener, stopping, aborting), _stopping.Token)));
    }

    /// <summary>
    /// Accepts the clients that are in the system's queue, unless <paramref name="aborting"/> fires, and stops accepting. The port stays
    /// open.
    /// </summary>
    public async Task StopAsync(CancellationToken aborting)
    {
        using CancellationTokenRegistration registration = aborting.UnsafeRegister(
            static source => ((CancellationTokenSource)source!).Cancel(), _aborting);
        await _stopping.CancelAsync();
        await _loops;
    }

    /// <summary>Closes the port, without waiting for the loops: new clients are refused. Further calls change nothing.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isClosed, true))
            return;
        _stopping.Cancel();
        foreach (IConnectionListener listener in listeners)
            listener.Dispose();
        socket.Dispose();
        DisposeTokens();
    }

    private void DisposeTokens()
    {
        _stopping.Dispose();
        _aborting.Dispose();
    }
}
