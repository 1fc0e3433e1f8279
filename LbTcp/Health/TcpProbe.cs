using LbTcp.Backends;
using LbTcp.Connections;
using LbTcp.Discovery;

namespace LbTcp.Health;

/// <summary>
/// Checks a backend by establishing a TCP connection, and resets it. A process that hangs goes unnoticed: the kernel completes the
/// handshake for it.
/// <para>
/// Reset rather than closed, as in HAProxy: the side that closes first keeps the connection in TIME_WAIT for a minute, which is 300,000
/// sockets for 10,000 backends checked every two seconds, and closing takes two round trips more. On Linux the acknowledgement that
/// completes the handshake is held back (see <see cref="SocketTuning.ApplyToCheck"/>), so that the reset takes its place: the program of
/// the backend does not get the connection at all, and has nothing to log. It does, and may report a reset, if this process needs more than
/// 200 ms to notice the answer, and where the system cannot hold back the acknowledgement.
/// </para>
/// </summary>
internal sealed class TcpProbe(HostConnector connector, TimeProvider timeProvider) : IHealthProbe
{
    private readonly ProbeConnector _connector = new(connector, timeProvider);

    public async Task<ProbeResult> ProbeAsync(Backend backend, TimeSpan limit, CancellationToken cancellationToken)
    {
        using ProbeDeadline deadline = _connector.BeginDeadline(limit, cancellationToken);
        ConnectionResult result = await _connector.ConnectAsync(backend, deadline).ConfigureAwait(false);
        if (result.Connection is not { } connection)
            return ProbeFailure.Of(result.Error, limit);
        connection.Abort();
        await connection.DisposeAsync().ConfigureAwait(false);
        return new ProbeResult(ProbeOutcome.Healthy, "connected");
    }
}
