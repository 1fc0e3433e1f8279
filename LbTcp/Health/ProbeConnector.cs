using System.Net.Sockets;
using LbTcp.Backends;
using LbTcp.Connections;
using LbTcp.Discovery;

namespace LbTcp.Health;

/// <summary>Dials a backend for a probe, and closes the connection without a reset.</summary>
internal sealed class ProbeConnector(HostConnector connector, TimeProvider timeProvider)
{
    // The time that a backend has to close after FIN; after that the connection is reset.
    private static readonly TimeSpan _closeTimeout = TimeSpan.FromMilliseconds(500);

    /// <summary>Dials the port of <paramref name="backend"/> that is checked; gives up at <paramref name="deadline"/>.</summary>
    /// <exception cref="OperationCanceledException">Probing ends.</exception>
    public async Task<ConnectionResult> ConnectAsync(Backend backend, ProbeDeadline deadline)
    {
        ConnectionResult result = await connector.ConnectAsync(backend, backend.Options.CheckPort, deadline.Limit, deadline);
        if (result.Connection is not null)
            await result.Connection.StartAsync();
        else
            deadline.ThrowIfProbingEnds();
        return result.Error is SocketError.TryAgain && deadline.HasPassed ? ConnectionResult.Failed(SocketError.TimedOut) : result;
    }

    /// <summary>Closes a connection with FIN, so that disposing it does not send a reset if the backend has sent data.</summary>
    public async Task HangUpAsync(IConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            using var deadline = new ProbeDeadline(_closeTimeout, timeProvider, cancellationToken);
            await LingeringClose.Begin(connection, deadline.Token).Completion;
        }
        catch (Exception exception) when (exception is ConnectionException or OperationCanceledException)
        {
            // The result of the probe is known; the way in which the backend closes does not change it.
        }
    }
}
