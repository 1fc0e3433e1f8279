using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using LbTcp.Diagnostics;

namespace LbTcp.Connections.Tls;

/// <summary>
/// TLS over another connection, which it owns, in either role. close_notify is its FIN: <c>Input</c> completes when the peer has sent one
/// and fails at a FIN without one, and completing <c>Output</c> sends close_notify and then FIN. Before anything else a handshake must
/// have succeeded.
/// </summary>
internal sealed class TlsConnection : IConnection
{
    private readonly IConnection _connection;
    private readonly ConnectionStream _stream;
    private readonly SslStream _tls;
    private readonly TlsPipeReader _input;
    private readonly TlsPipeWriter _output;
    private int _failure;

    /// <summary>Takes over a started connection. What was received and not consumed is the beginning of the handshake.</summary>
    public TlsConnection(IConnection connection)
    {
        _connection = connection;
        _stream = new ConnectionStream(connection);
        _tls = new SslStream(_stream);
        _input = new TlsPipeReader(this, _tls, _stream);
        _output = new TlsPipeWriter(this, _tls, _stream, _input, connection.Output);
    }

    public ConnectionSide Side => _connection.Side;

    public EndPoint RemoteEndPoint => _connection.RemoteEndPoint;

    public EndPoint? LocalEndPoint => _connection.LocalEndPoint;

    public PipeReader Input => _input;

    public PipeWriter Output => _output;

    public TcpInfo? Info => _connection.Info;

    public bool IsReset => Volatile.Read(ref _failure) != (int)SocketError.Success || _connection.IsReset;

    public SocketError Failure =>
        (SocketError)Volatile.Read(ref _failure) is not SocketError.Success and SocketError failure ? failure : _connection.Failure;

    /// <summary>The version that was negotiated.</summary>
    public SslProtocols Version => _tls.SslProtocol;

    /// <summary>The application protocol that was negotiated (ALPN); empty for none.</summary>
    public SslApplicationProtocol Protocol => _tls.NegotiatedApplicationProtocol;

    /// <summary>The certificate that the peer has presented and that was accepted; null for none.</summary>
    public X509Certificate2? RemoteCertificate => _tls.RemoteCertificate as X509Certificate2;

    /// <summary>Carries out the handshake as the client.</summary>
    /// <inheritdoc cref="TlsHandshake.RunAsync" path="/returns|/exception"/>
    public Task<string?> AuthenticateAsync(
        SslClientAuthenticationOptions options, HandshakeLimit limit, CancellationToken cancellationToken) =>
        AuthenticateAsync(() => _tls.AuthenticateAsClientAsync(options, cancellationToken), limit, cancellationToken);

    /// <summary>Carries out the handshake as the server, with the options that are selected when it begins.</summary>
    /// <inheritdoc cref="TlsHandshake.RunAsync" path="/returns|/exception"/>
    public Task<string?> AuthenticateAsync(
        Func<SslServerAuthenticationOptions> select, HandshakeLimit limit, CancellationToken cancellationToken) =>
        AuthenticateAsync(
            () => _tls.AuthenticateAsServerAsync(
                (_, _, _, _) => ValueTask.FromResult(select()), state: null, cancellationToken),
            limit,
            cancellationToken);

    /// <summary>Records a failure and makes the exception for it; the first one wins.</summary>
    public ConnectionException Fail(SocketError error)
    {
        _ = Interlocked.CompareExchange(ref _failure, (int)error, (int)SocketError.Success);
        return new ConnectionException(Side, Failure);
    }

    public ValueTask StartAsync() => _connection.StartAsync();

    public void AcknowledgeHandshake() => _connection.AcknowledgeHandshake();

    public void Abort() => _connection.Abort();

    public async ValueTask DisposeAsync()
    {
        await _tls.DisposeAsync();
        _input.Complete();
        _output.ReturnBuffer();
        await _connection.DisposeAsync();
    }

    private async Task<string?> AuthenticateAsync(Func<Task> authenticate, HandshakeLimit limit, CancellationToken cancellationToken)
    {
        var handshake = new TlsHandshake(limit);
        _stream.Handshake = handshake;
        try
        {
            string? failure = await handshake.RunAsync(authenticate, cancellationToken).ConfigureAwait(false);
            _ = await _connection.Output.FlushAsync(cancellationToken).ConfigureAwait(false); // the last messages, or an alert
            return failure;
        }
        finally
        {
            _stream.Handshake = null;
        }
    }
}
