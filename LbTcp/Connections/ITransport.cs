using System.Net.Sockets;

namespace LbTcp.Connections;

/// <summary>A way to move bytes: what accepts and what dials belong together, and may share threads.</summary>
internal interface ITransport : IDisposable
{
    /// <summary>The transport's name, as given to <c>--transport</c>.</summary>
    string Name { get; }

    /// <summary>Dials backends for accepted connections.</summary>
    IBackendConnector Connector { get; }

    /// <summary>Accepts from <paramref name="listener"/>, which is started and goes on owning its port.</summary>
    /// <returns>One listener for each accept loop that is to run; at least one.</returns>
    IReadOnlyList<IConnectionListener> Listen(TcpListener listener);
}
