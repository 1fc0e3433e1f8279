using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Discovery;

namespace LbTcp.Health;

/// <summary>
/// Checks a backend by establishing a TCP connection. A process that hangs goes unnoticed: the kernel completes the handshake for it.
/// </summary>
internal sealed class TcpProbe(HostConnector connector, HealthCheckOptions options, TimeProvider timeProvider) : IHealthProbe
{
    private readonly ProbeConnector _connector = new(connector, timeProvider);

    public async Task<ProbeResult> ProbeAsync(Backend backend, CancellationToken cancellationToken)
    {
        using var deadline = new ProbeDeadline(options.Timeout, timeProvider, cancellationToken);
        ConnectionResult result = await _connector.ConnectAsync(backend, deadline);
        if (result.Connection is null)
            return ProbeFailure.Of(result.Error, options.Timeout);
        await using IConnection connection = result.Connection;
        await _connector.HangUpAsync(connection, cancellationToken);
        return new ProbeResult(ProbeOutcome.Healthy, "connected");
    }
}
