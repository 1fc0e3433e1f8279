namespace LbTcp.Backends;

/// <summary>One server that clients can be sent to. Its health is written by the <see cref="BackendPool"/> that holds it, and by nobody else.</summary>
public sealed class Backend
{
    private volatile bool _isHealthy = true;
    private int _activeConnections;

    internal Backend(BackendAddress address)
    {
        Address = address;
        EndPoints = new HostEndPoints(address.Host, address.Port);
    }

    /// <summary>The backend's URL as the operator wrote it, for example <c>http://localhost:3001</c>.</summary>
    public string Url => Address.Text;

    /// <summary>What the health checks say; true until they say otherwise. May be read from any thread.</summary>
    public bool IsHealthy
    {
        get => _isHealthy;
        internal set => _isHealthy = value;
    }

    /// <summary>Scheme, host and port.</summary>
    internal BackendAddress Address { get; }

    /// <summary>The addresses that the host stands for.</summary>
    internal HostEndPoints EndPoints { get; }

    /// <summary>How the backend is called in logs: host and port.</summary>
    internal string Name => Address.HostAndPort;

    /// <summary>Connections that are being dialled or relayed to this backend right now.</summary>
    internal int ActiveConnections => Volatile.Read(ref _activeConnections);

    internal void AddConnection() => Interlocked.Increment(ref _activeConnections);

    internal void RemoveConnection() => Interlocked.Decrement(ref _activeConnections);
}
