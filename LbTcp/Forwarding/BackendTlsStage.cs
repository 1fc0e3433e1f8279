using LbTcp.Backends;
using LbTcp.Connections;
using LbTcp.Connections.Tls;
using LbTcp.Diagnostics;
using LbTcp.Preface;

namespace LbTcp.Forwarding;

/// <summary>
/// Encrypts the connection to a backend that demands it. A handshake that fails counts against the backend, and another one is tried:
/// nothing of the client was sent.
/// </summary>
/// <param name="client">Carries out the handshakes.</param>
/// <param name="tracker">Receives the outcome of the handshakes.</param>
/// <param name="timeout">The maximum duration of a handshake.</param>
internal sealed class BackendTlsStage(BackendTlsClient client, IConnectTracker tracker, TimeSpan timeout) : IConnectionStage
{
    public TimeSpan Timeout => timeout;

    public ConnectionEndReason TimeoutReason => ConnectionEndReason.BackendTlsFailed;

    public async ValueTask<bool> RunAsync(ActiveConnection connection, CancellationToken cancellationToken)
    {
        BackendDial dial = connection.Dial;
        if (dial is not { Backend: { Options.IsEncrypted: true } backend, Connection: { } plain })
            return true;
        var encrypted = new TlsConnection(plain);
        dial.Replace(encrypted);
        string? failure = await AuthenticateAsync(encrypted, connection, backend, cancellationToken);
        if (failure is null)
            tracker.Reached(backend);
        else if (!connection.IsDecided)
            dial.Reject($"TLS: {failure}", ConnectionEndReason.BackendTlsFailed);
        return failure is null;
    }

    private async Task<string?> AuthenticateAsync(
        TlsConnection encrypted, ActiveConnection connection, Backend backend, CancellationToken cancellationToken)
    {
        try
        {
            return await client.AuthenticateAsync(encrypted, backend.Options, connection.Preface?.Tls?.Alpn, cancellationToken);
        }
        catch (ConnectionException failure)
        {
            return SocketErrors.Describe(failure.Error);
        }
        catch (OperationCanceledException)
        {
            return $"no end of the handshake in {DurationText.Of(timeout)}"; // unless the connection has ended
        }
    }
}
