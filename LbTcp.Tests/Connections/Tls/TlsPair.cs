using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using LbTcp.Connections.Tls;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Connections.Tls;

/// <summary>A TLS connection over one of a transport, and its peer: the framework's TLS over a socket.</summary>
internal sealed class TlsPair : IAsyncDisposable
{
    private readonly TransportPair _pair;

    private TlsPair(TransportPair pair, TlsConnection connection, SslStream peer)
    {
        _pair = pair;
        Connection = connection;
        Peer = peer;
    }

    /// <summary>Each transport with each version.</summary>
    public static TheoryData<string, SslProtocols> All
    {
        get
        {
            var rows = new TheoryData<string, SslProtocols>();
            foreach (string transport in Transports.All)
            {
                rows.Add(transport, SslProtocols.Tls12);
                rows.Add(transport, SslProtocols.Tls13);
            }

            return rows;
        }
    }

    public TlsConnection Connection { get; }

    public SslStream Peer { get; }

    public Socket PeerSocket => _pair.Peer;

    /// <summary>Connects and carries out the handshake, with the connection as the server or as the client.</summary>
    public static async Task<TlsPair> CreateAsync(
        string transport, SslProtocols version = SslProtocols.Tls13, bool isClient = false, int? peerReceiveBuffer = null)
    {
        TransportPair pair = await TransportPair.CreateAsync(transport, peerReceiveBuffer);
        var peer = new SslStream(new NetworkStream(pair.Peer));
        var connection = new TlsConnection(pair.Connection);
        var limit = new HandshakeLimit(1);
        Task peerReady = isClient
            ? peer.AuthenticateAsServerAsync(ServerOptions(version))
            : peer.AuthenticateAsClientAsync(ClientOptions(version));
        await pair.RunAsync(async _ => Assert.Null(await (isClient
            ? connection.AuthenticateAsync(ClientOptions(version), limit, CancellationToken.None)
            : connection.AuthenticateAsync(() => ServerOptions(version), limit, CancellationToken.None))));
        await peerReady.Done();
        Assert.Equal(0, limit.Taken);
        return new TlsPair(pair, connection, peer);
    }

    public static SslServerAuthenticationOptions ServerOptions(SslProtocols version) => new()
    {
        ServerCertificateContext = SslStreamCertificateContext.Create(
            TestCertificates.Localhost, additionalCertificates: null, offline: true),
        EnabledSslProtocols = version,
    };

    public static SslClientAuthenticationOptions ClientOptions(SslProtocols version) => new()
    {
        TargetHost = "localhost",
        EnabledSslProtocols = version,
        RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null,
    };

    /// <summary>Runs <paramref name="body"/> where everything about the connection has to run.</summary>
    public Task RunAsync(Func<TlsConnection, Task> body) => _pair.RunAsync(_ => body(Connection));

    public async ValueTask DisposeAsync()
    {
        await Connection.DisposeAsync();
        await Peer.DisposeAsync();
        await _pair.DisposeAsync();
    }
}
