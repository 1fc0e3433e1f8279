using System.Net;
using System.Net.Sockets;
using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Diagnostics;
using Microsoft.Extensions.Logging;

namespace LbTcp.Hosting.Operations;

/// <summary>
/// The socket on which the admin endpoint listens. A failed accept never ends it: without descriptors it waits for some, as it must not
/// compete for them.
/// </summary>
internal sealed partial class OperatorListener : IDisposable
{
    /// <summary>The maximum number of connections of operators; further ones are closed at once.</summary>
    public const int MaxConnections = 64;

    /// <summary>The number of descriptors that the endpoint takes at most: connections, one that is refused, and the socket.</summary>
    public const int Descriptors = MaxConnections + 2;

    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(200);

    private readonly ListenSocket _socket;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger<OperatorListener> _logger;
    private readonly LogThrottle _throttle;
    private volatile bool _isClosing;

    private OperatorListener(ListenSocket socket, TimeProvider timeProvider, ILogger<OperatorListener> logger)
    {
        _socket = socket;
        _timeProvider = timeProvider;
        _logger = logger;
        _throttle = new LogThrottle(timeProvider, TimeSpan.FromSeconds(1));
    }

    /// <summary>The address, with the port that the system chose for port 0.</summary>
    public EndPoint LocalEndPoint => _socket.LocalEndPoint;

    /// <summary>
    /// Opens the socket; the file of a unix socket is for the user of the process alone, unless the address gives a mode.
    /// </summary>
    /// <exception cref="StartException">The address cannot be listened on.</exception>
    public static OperatorListener Open(ListenAddress address, TimeProvider timeProvider, ILogger<OperatorListener> logger)
    {
        try
        {
            return new OperatorListener(ListenSocket.Open(EndPointOf(address)), timeProvider, logger);
        }
        catch (ListenException exception)
        {
            throw new StartException($"The admin endpoint does not start. {exception.Message}", isConfigurationError: false);
        }
    }

    /// <summary>Accepts a connection, with who it is from; null when the socket was closed.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> has fired.</exception>
    public async Task<(Socket Socket, Requester Requester)?> AcceptAsync(CancellationToken cancellationToken)
    {
        CancellationToken closed = _socket.Closed;
        while (!_isClosing && !closed.IsCancellationRequested)
        {
            Socket? accepted = null;
            try
            {
                accepted = await _socket.AcceptAsync(cancellationToken);
                return (accepted, Identify(accepted));
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                accepted?.Dispose();
                if (!_isClosing && !closed.IsCancellationRequested)
                    await RecoverAsync((exception as SocketException)?.SocketErrorCode ?? SocketError.NotSocket, cancellationToken);
            }
        }

        return null;
    }

    /// <summary>Closes the socket and deletes its file.</summary>
    public void Dispose()
    {
        _isClosing = true; // before the pending accept fails
        _socket.Dispose();
    }

    private async Task RecoverAsync(SocketError error, CancellationToken cancellationToken)
    {
        if (SocketErrors.IsReset(error))
            return; // the client left before it was accepted
        if (_throttle.TryPass())
            Log.AcceptFailed(_logger, SocketErrors.Describe(error));
        await Task.Delay(_pause, _timeProvider, cancellationToken);
    }

    private static Requester Identify(Socket socket)
    {
        if (socket.AddressFamily is not AddressFamily.Unix)
            return new Requester("local", socket.RemoteEndPoint!.Unmapped().ToString()!);
        return new Requester(UnixPeer.Of(socket).UserId is { } user ? $"uid {user}" : "local", "unix");
    }

    private static EndPoint EndPointOf(ListenAddress address)
    {
        if (address.Unix is { } unix)
        {
            UnixFileMode mode = unix.Access.Mode ?? UnixFileMode.UserRead | UnixFileMode.UserWrite;
            return unix.IsAbstract ? unix : new UnixEndPoint(unix.Path, unix.Access with { Mode = mode });
        }

        return address.HostName is null ? new IPEndPoint(IPAddress.IPv6Any, address.Port)
            : new IPEndPoint(IPAddress.TryParse(address.HostName, out IPAddress? literal) ? literal : IPAddress.Loopback, address.Port);
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.AdminAcceptFailed, LogLevel.Warning, "admin accept failed, retrying error={Error}")]
        public static partial void AcceptFailed(ILogger logger, string error);
    }
}
