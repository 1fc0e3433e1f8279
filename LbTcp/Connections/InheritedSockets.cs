using System.Globalization;
using System.Net;

namespace LbTcp.Connections;

/// <summary>
/// The listening sockets that the process was started with, such as those of a systemd socket unit: descriptors from 3 on, whose number is
/// in <c>LISTEN_FDS</c>, for the process whose id is in <c>LISTEN_PID</c> (sd_listen_fds(3)). A process without the right to open a port
/// can serve it in this way.
/// </summary>
internal sealed class InheritedSockets : IDisposable
{
    private const int FirstDescriptor = 3;

    private readonly List<ListenSocket> _sockets = [];

    private InheritedSockets()
    {
    }

    /// <summary>The addresses of the sockets that were not taken.</summary>
    public IEnumerable<EndPoint> Unused => _sockets.Select(socket => socket.LocalEndPoint);

    /// <summary>Takes over the sockets that the environment announces; none if they are meant for another process.</summary>
    /// <param name="variable">Returns the value of an environment variable; null if it is not set.</param>
    /// <exception cref="ListenException">One of them is no listening socket.</exception>
    public static InheritedSockets Read(Func<string, string?> variable)
    {
        var inherited = new InheritedSockets();
        if (NumberOf(variable("LISTEN_PID")) != Environment.ProcessId)
            return inherited;
        int count = NumberOf(variable("LISTEN_FDS"));
        try
        {
            for (int descriptor = FirstDescriptor; descriptor < FirstDescriptor + count; descriptor++)
                inherited._sockets.Add(ListenSocket.Adopt(descriptor));
            return inherited;
        }
        catch
        {
            inherited.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Returns the socket that listens at <paramref name="endPoint"/>, which the caller owns from then on; null for none.
    /// </summary>
    public ListenSocket? Take(EndPoint endPoint)
    {
        ListenSocket? socket = _sockets.Find(socket => socket.LocalEndPoint.Equals(endPoint));
        if (socket is not null)
            _ = _sockets.Remove(socket);
        return socket;
    }

    /// <summary>Closes the sockets that were not taken.</summary>
    public void Dispose() => _sockets.ForEach(socket => socket.Dispose());

    private static int NumberOf(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0;
}
