using System.Net;

namespace LbTcp.Connections;

/// <summary>The listening sockets of one service, opened and closed together.</summary>
internal sealed class ListenSockets : IDisposable
{
    private readonly List<ListenSocket> _sockets = [];

    private ListenSockets()
    {
    }

    /// <summary>The sockets, listening.</summary>
    public IReadOnlyList<ListenSocket> All => _sockets;

    /// <summary>Opens a socket at each address, or none at all. See <see cref="ListenSocket.Open"/>.</summary>
    /// <param name="endPoints">The addresses.</param>
    /// <param name="inherited">Has sockets that listen at some of them already; null for none.</param>
    /// <exception cref="ListenException">One of the addresses cannot be listened on.</exception>
    public static ListenSockets Open(IEnumerable<EndPoint> endPoints, InheritedSockets? inherited = null)
    {
        var sockets = new ListenSockets();
        try
        {
            foreach (EndPoint endPoint in endPoints)
                sockets._sockets.Add(inherited?.Take(endPoint) ?? ListenSocket.Open(endPoint));
            return sockets;
        }
        catch
        {
            sockets.Dispose();
            throw;
        }
    }

    /// <summary>Closes the sockets: new clients are refused from now on. Further calls change nothing.</summary>
    public void Dispose() => _sockets.ForEach(socket => socket.Dispose());
}
