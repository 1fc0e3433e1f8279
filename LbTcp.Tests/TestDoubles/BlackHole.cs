using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace LbTcp.Tests.TestDoubles;

/// <summary>
/// A loopback port on which a connection attempt hangs: it listens with a full backlog and accepts nothing, so the system drops every SYN.
/// </summary>
internal sealed class BlackHole : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Socket _filler = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public BlackHole()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(0); // holds one connection (listen(2), net/core/sock.h sk_acceptq_is_full)
        EndPoint = (IPEndPoint)_listener.LocalEndPoint!;
        _filler.Connect(EndPoint);
    }

    /// <summary>The address of the port.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>The number of sockets of this machine that are connecting to it (state SYN_SENT).</summary>
    public int Dials
    {
        get
        {
            string remote = $"0100007F:{EndPoint.Port.ToString("X4", CultureInfo.InvariantCulture)} 02";
            return File.ReadLines("/proc/net/tcp").Count(line => line.Contains(remote));
        }
    }

    /// <summary>Starts to accept. A pending attempt succeeds when its system retransmits the SYN, about a second later.</summary>
    /// <returns>The first connection.</returns>
    public async Task<Socket> OpenAsync()
    {
        (await _listener.AcceptAsync()).Dispose(); // the one that filled the backlog
        return await Until.DoneAsync(_listener.AcceptAsync, "a connection through the opened hole");
    }

    public void Dispose()
    {
        _filler.Dispose();
        _listener.Dispose();
    }
}
