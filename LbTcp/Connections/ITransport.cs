namespace LbTcp.Connections;

/// <summary>A way to move bytes: what accepts and what dials belong together, and may share threads.</summary>
internal interface ITransport : IDisposable
{
    /// <summary>The transport's name, as given to <c>--transport</c>.</summary>
    string Name { get; }

    /// <summary>Dials backends for accepted connections.</summary>
    IBackendConnector Connector { get; }

    /// <summary>
    /// Dials backends for health checks, on threads that serve no clients. See <see cref="SocketTuning.ApplyToCheck"/> for how these
    /// connections differ.
    /// </summary>
    IBackendConnector CheckConnector { get; }

    /// <summary>Its event-loop threads; empty if it has none of its own.</summary>
    IReadOnlyList<ITransportThread> Threads { get; }

    /// <summary>Accepts from <paramref name="socket"/>, which remains the caller's to close.</summary>
    /// <returns>One listener for each accept loop that is to run; at least one.</returns>
    IReadOnlyList<IConnectionListener> Listen(ListenSocket socket);
}
