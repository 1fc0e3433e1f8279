using System.Net;
using LbTcp.Backends;
using LbTcp.Configuration;

namespace LbTcp.Health.Exchanges;

/// <summary>
/// Checks a TLS server by a ClientHello: it works if it answers with a ServerHello. The handshake is not completed, so that a server that
/// requires a client certificate can be checked, and no cryptography is needed on either side where the server supports TLS 1.3.
/// </summary>
/// <param name="backend">The backend, whose host name the server is asked for (SNI).</param>
/// <seealso href="https://www.rfc-editor.org/rfc/rfc8446"/>
internal sealed class TlsExchange(Backend backend) : ProtocolExchange("tls")
{
    private const int HeadLength = 5;
    private const int AlertLength = 2;
    private const int MaxRecord = 1 << 14;
    private const byte AlertRecord = 21;
    private const byte HandshakeRecord = 22;
    private const byte ServerHello = 2;

    // Two alerts: user_canceled, then close_notify (RFC 8446, section 6.1).
    private static readonly byte[] _cancel = [AlertRecord, 3, 3, 0, 2, 1, 90, AlertRecord, 3, 3, 0, 2, 1, 0];

    private bool _isHandshaking;

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> Request { get; } = TlsClientHello.Write(ServerNameOf(backend.Options));

    /// <inheritdoc/>
    protected override ReadOnlyMemory<byte> Goodbye => _isHandshaking ? _cancel : default;

    /// <inheritdoc/>
    protected override ExchangeStep Read(ReadOnlySpan<byte> answer)
    {
        if (answer is [not (AlertRecord or HandshakeRecord), ..] or [_, not 3, ..])
            return Foreign(answer);
        if (answer.Length <= HeadLength)
            return ExchangeStep.NeedsMore;
        int length = (answer[3] << 8) | answer[4];
        ReadOnlySpan<byte> body = answer[HeadLength..];
        if (answer[0] is AlertRecord && length is AlertLength)
            return body.Length < AlertLength ? ExchangeStep.NeedsMore : Judge(body[1]);
        return answer[0] is HandshakeRecord && length is > 0 and <= MaxRecord && body[0] is ServerHello ? Greeted() : Foreign(answer);
    }

    // An address is no server name (RFC 6066, section 3), and a name has no dot at its end there.
    private static string? ServerNameOf(BackendOptions options)
    {
        string? name = options.Resolved?.HostName ?? (options.Address.IsName ? options.Address.HostName : null);
        return name is null || IPAddress.TryParse(name, out _) ? null : name.TrimEnd('.');
    }

    private ExchangeStep Greeted()
    {
        _isHandshaking = true;
        return Healthy("ServerHello received");
    }

    // A server that does not have this name works for clients that ask for another.
    private ExchangeStep Judge(byte alert) =>
        alert is TlsAlert.UnrecognizedName ? Healthy($"alert {TlsAlert.NameOf(alert)}") : Unhealthy($"alert {TlsAlert.NameOf(alert)}");
}
