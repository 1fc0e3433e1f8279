using System.Net;
using LbTcp.Connections;
using LbTcp.Preface;

namespace LbTcp.Forwarding;

/// <summary>
/// What the stages of a connection found out and took, for the few services that have any: an idle connection of the others does not pay
/// for it. Written by the connection's stages, one after the other; read from any thread.
/// </summary>
internal sealed class ConnectionPreface
{
    private volatile IConnection? _client;
    private volatile EndPoint? _source;
    private volatile EndPoint? _destination;
    private volatile string? _serverName;
    private volatile TlsFacts? _tls;

    /// <summary>The address that the connection comes from; null for that of the peer.</summary>
    public EndPoint? Source { get => _source; set => _source = value; }

    /// <summary>The address that the client connected to; null for that of the socket.</summary>
    public EndPoint? Destination { get => _destination; set => _destination = value; }

    /// <summary>The connection whose bytes are relayed instead of the accepted one, over which it runs; null for that one.</summary>
    public IConnection? Client { get => _client; set => _client = value; }

    /// <summary>The server name (SNI) that the client asked for, in lower case; null if there was none or nothing read it.</summary>
    public string? ServerName { get => _serverName; set => _serverName = value; }

    /// <summary>The queue of the backends that serve the server name; null for that of the service.</summary>
    public ConnectionQueue? Queue { get; set; }

    /// <summary>What is known about its TLS connection, which was terminated here; null if there is none.</summary>
    public TlsFacts? Tls { get => _tls; set => _tls = value; }

    /// <summary>Given back when the connection has ended: what the admission took; null for nothing.</summary>
    public IDisposable? Admission { get; set; }
}
