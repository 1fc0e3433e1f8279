using System.Net;
using System.Net.Sockets;

namespace LbTcp.Tests.EndToEnd.Harness;

/// <summary>
/// A backend to which connecting takes for ever: it listens, its queue is full, and nobody accepts, so the system drops every SYN.
/// </summary>
internal sealed class BlackHole : IDisposable
{
    private readonly ReservedPort _port = new();
    private readonly Socket _listener;
    private readonly Socket _filling = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public BlackHole()
    {
        _listener = _port.Listen(backlog: 0); // holds one connection (listen(2), net/core/sock.h sk_acceptq_is_full)
        _filling.Connect(_port.EndPoint);
    }

    public IPEndPoint EndPoint => _port.EndPoint;

    /// <summary>Accepts after all. Whoever was waiting gets through with the next SYN of its system, after a second or so.</summary>
    /// <returns>The first connection.</returns>
    public async Task<TestConnection> OpenAsync()
    {
        (await _listener.AcceptAsync()).Dispose(); // the one that filled the queue
        return new TestConnection(await Until.DoneAsync(_listener.AcceptAsync, "a connection through the opened hole"));
    }

    public void Dispose()
    {
        _filling.Dispose();
        _listener.Dispose();
        _port.Dispose();
    }
}
