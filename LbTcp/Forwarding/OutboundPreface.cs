using System.Globalization;
using System.Net.Sockets;
using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Connections.Tls;
using LbTcp.Diagnostics;
using LbTcp.Preface;

namespace LbTcp.Forwarding;

/// <summary>
/// What comes before the bytes of a client on a connection to a backend, for the backends that demand it: the PROXY protocol header, then
/// the TLS handshake. A part of the attempt that dials: nothing of the client is sent, so another backend may be tried after it.
/// </summary>
/// <param name="options">The header.</param>
/// <param name="ids">Begins the ids in the headers, so that they differ from those of other processes; null to send none.</param>
/// <param name="tls">Carries out the handshakes.</param>
/// <param name="handshakeTimeout">The maximum duration of a handshake.</param>
internal sealed class OutboundPreface(PrefaceOptions options, string? ids, IBackendTls tls, TimeSpan handshakeTimeout)
{
    /// <summary>
    /// Prepares the connection that <paramref name="attempt"/> has dialled, on the connection's thread, and completes there. A header is
    /// not sent by itself: it stays in the output and goes with the bytes that come next, those of the handshake or of the client.
    /// </summary>
    /// <returns>The connection that is to be used; if it cannot be, <paramref name="dialled"/> was closed.</returns>
    public ValueTask<AttemptResult> RunAsync(DialAttempt attempt, IConnection dialled)
    {
        ActiveConnection connection = attempt.Connection;
        BackendOptions backend = attempt.Backend.Options;
        SendProxy version = options.SendProxyFor(backend);
        if (version is not SendProxy.Off)
            ProxyHeaderWriter.Write(dialled.Output, version, connection.Source, connection.Destination, AdditionsFor(connection));
        return backend.IsEncrypted ? EncryptAsync(attempt, dialled, backend) : ValueTask.FromResult(AttemptResult.Of(dialled));
    }

    private ProxyAdditions AdditionsFor(ActiveConnection connection) => new(
        ids is null ? null : string.Create(CultureInfo.InvariantCulture, $"{ids}-{connection.Id:x}"),
        connection.Preface?.ServerName,
        connection.Preface?.Tls);

    private async ValueTask<AttemptResult> EncryptAsync(DialAttempt attempt, IConnection dialled, BackendOptions backend)
    {
        var encrypted = new TlsConnection(dialled);
        AttemptResult result = default;
        try
        {
            result = await AuthenticateAsync(attempt, encrypted, backend);
            return result;
        }
        finally
        {
            if (result.Connection is null)
            {
                encrypted.Abort();
                await encrypted.DisposeAsync();
            }
        }
    }

    // The handshake computes on other threads; a plain await continues on the connection's.
    private async ValueTask<AttemptResult> AuthenticateAsync(DialAttempt attempt, TlsConnection encrypted, BackendOptions backend)
    {
        StageDeadline deadline = attempt.BeginHandshake(handshakeTimeout);
        try
        {
            string? protocol = attempt.Connection.Preface?.Tls?.Alpn;
            if (await tls.AuthenticateAsync(encrypted, backend, protocol, deadline.Token) is { } problem)
                return AttemptResult.FailedTls(SocketError.ProtocolNotSupported, problem);
            attempt.Backend.HandshakeTime.Record(attempt.StepElapsed);
            return AttemptResult.Of(encrypted);
        }
        catch (ConnectionException failure)
        {
            return AttemptResult.FailedTls(failure.Error, SocketErrors.Describe(failure.Error));
        }
        catch (OperationCanceledException) when (deadline.TimedOut)
        {
            return AttemptResult.FailedTls(SocketError.TimedOut, $"no end of the handshake in {DurationText.Of(handshakeTimeout)}");
        }
        catch (OperationCanceledException)
        {
            return AttemptResult.Failed(SocketError.OperationAborted);
        }
    }
}
