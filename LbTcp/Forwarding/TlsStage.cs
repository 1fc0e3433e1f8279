using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Connections.Tls;
using LbTcp.Diagnostics;
using LbTcp.Preface;
using Microsoft.Extensions.Logging;

namespace LbTcp.Forwarding;

/// <summary>Terminates TLS: carries out the handshake with the client, whose decrypted bytes are relayed from then on.</summary>
/// <param name="options">The settings, with certificates.</param>
/// <param name="handshakes">Counts the outcomes.</param>
/// <param name="logger">Receives why handshakes fail.</param>
internal sealed partial class TlsStage(TlsOptions options, TlsHandshakes handshakes, ILogger<TlsStage> logger) : IConnectionStage
{
    private readonly ServerCertificates _certificates = new(options);
    private readonly HandshakeLimit _limit = new(options.MaxHandshakes ?? HandshakeLimit.DefaultPlaces);

    /// <inheritdoc/>
    public TimeSpan Timeout => options.HandshakeTimeout;

    /// <inheritdoc/>
    public async ValueTask<bool> RunAsync(ActiveConnection connection, CancellationToken cancellationToken)
    {
        ConnectionPreface preface = connection.NeedPreface();
        TlsConnection tls;
        try
        {
            // The framework reads the first record alone, and converts names (xn--); a ClientHello may be spread over several records.
            var reader = new ClientHelloReader(connection.Client.Input);
            ClientHello hello = await reader.ReadAsync(cancellationToken);
            tls = new TlsConnection(connection.Client);
            preface.Client = tls; // it owns the accepted one from here on, whatever comes of the handshake
            string? failure = await tls.AuthenticateAsync(
                () => _certificates.Select(hello.ServerName, reader.Offered), _limit, cancellationToken);
            if (failure is null)
            {
                handshakes.Count(TlsOutcome.Completed);
                preface.ServerName ??= hello.ServerName;
                Record(tls, preface);
                return true;
            }

            handshakes.Count(TlsOutcome.Failed);
            connection.Decide(ConnectionEndReason.ClientTlsFailed);
            Log.HandshakeFailed(logger, connection.Id, connection.Source, failure);
        }
        catch (OperationCanceledException)
        {
            handshakes.Count(TlsOutcome.TimedOut);
            throw;
        }
        catch (ConnectionException)
        {
            handshakes.Count(TlsOutcome.Failed);
            throw;
        }

        await DeliverAlertAsync(tls, cancellationToken);
        return false;
    }

    /// <summary>
    /// Has OCSP responses stapled, which the framework fetches in the background, and logs where that is impossible. Completes when the
    /// certificates are prepared for them; never throws.
    /// </summary>
    public Task StapleAsync() =>
        Task.Run(() => _certificates.Staple((file, exception) => Log.StaplingFailed(logger, file.Path, exception.Message)));

    private static void Record(TlsConnection tls, ConnectionPreface preface)
    {
        X509Certificate2? certificate = tls.RemoteCertificate;
        preface.Tls = new TlsFacts(
            tls.Version is SslProtocols.Tls13 ? "TLSv1.3" : "TLSv1.2",
            tls.Protocol.Protocol.IsEmpty ? null : tls.Protocol.ToString(),
            certificate is null ? null : true,
            certificate?.GetNameInfo(X509NameType.SimpleName, forIssuer: false));
    }

    // The reset that follows would overtake the alert that tells the client why.
    private static async ValueTask DeliverAlertAsync(TlsConnection tls, CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration registration =
            cancellationToken.UnsafeRegister(static state => ((IConnection)state!).Abort(), tls);
        try
        {
            await tls.Output.CompleteAsync(new AuthenticationException());
        }
        catch (ConnectionException)
        {
            // The client is gone.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.TlsHandshakeFailed, LogLevel.Debug, "TLS handshake failed id={Id:x} client={Client} error={Error}")]
        public static partial void HandshakeFailed(ILogger logger, long id, EndPoint client, string error);

        [LoggerMessage(EventIds.StaplingFailed, LogLevel.Warning, "OCSP responses are not stapled file={File} error={Error}")]
        public static partial void StaplingFailed(ILogger logger, string file, string error);
    }
}
