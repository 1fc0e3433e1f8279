using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace LbTcp.Tests.TestDoubles;

/// <summary>A port whose queue is full and that nobody accepts from: dials of it hang.</summary>
internal sealed class BlackHole : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Socket _filler = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public BlackHole()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(0);
        EndPoint = (IPEndPoint)_listener.LocalEndPoint!;

        // Linux queues one more than it was asked to.
        _filler.Connect(EndPoint);
    }

    /// <summary>Its address.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>How many sockets of this machine are dialling it (state SYN_SENT).</summary>
    public int Dials
    {
        get
        {
            string remote = $"0100007F:{EndPoint.Port.ToString("X4", CultureInfo.InvariantCulture)} 02";
            return File.ReadLines("/proc/net/tcp").Count(line => line.Contains(remote));
        }
    }

    public void Dispose()
    {
        _filler.Dispose();
        _listener.Dispose();
    }
}
