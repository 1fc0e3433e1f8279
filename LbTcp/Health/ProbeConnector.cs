using LbTcp.Backends;
using LbTcp.Connections;
using LbTcp.Discovery;

namespace LbTcp.Health;

/// <summary>Dials a backend for a probe, and hangs up without a reset.</summary>
internal sealed class ProbeConnector(HostConnector connector, TimeProvider timeProvider)
{
    // The time that a backend has to finish after FIN; after that it is reset.
    private static readonly TimeSpan _farewellTime = TimeSpan.FromMilliseconds(500);

    /// <summary>Dials the port of <paramref name="backend"/> that is checked, until <paramref name="deadline"/>.</summary>
    /// <exception cref="OperationCanceledException">Probing ends.</exception>
    public async Task<ConnectionResult> ConnectAsync(Backend backend, ProbeDeadline deadline)
    {
        ConnectionResult result = await connector.ConnectAsync(backend, backend.Options.CheckPort, deadline.Limit, deadline);
        if (result.Connection is not null)
            await result.Connection.StartAsync();
        else
            deadline.ThrowIfProbingEnds();
        return result;
    }

    /// <summary>
    /// Ends a connection with FIN, so that it can be disposed without resetting a backend that has sent something.
    /// </summary>
    public async Task HangUpAsync(IConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            using var farewell = new ProbeDeadline(_farewellTime, timeProvider, cancellationToken);
            await LingeringClose.Begin(connection, farewell.Token).Completion;
        }
        catch (Exception exception) when (exception is ConnectionException or OperationCanceledException)
        {
            // The probe has its answer; how the backend closes is no part of it.
        }
    }
}
