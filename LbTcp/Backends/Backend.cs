namespace LbTcp.Backends;

/// <summary>One server that clients can be sent to. Its health is written by the <see cref="BackendPool"/> that holds it, and by nobody else.</summary>
public sealed class Backend
{
    private volatile bool _isHealthy = true;
    private int _activeConnections;
    private int _openConnections;

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

    /// <summary>The most connections that it may have at a time; 0 for any number.</summary>
    internal int MaxConnections { get; init; }

    /// <summary>
    /// How many of its slots are taken: connections that are being dialled or are open. Unlike <see cref="ActiveConnections"/> it counts one
    /// that the backend has finished until it is closed.
    /// </summary>
    internal int OpenConnections => Volatile.Read(ref _openConnections);

    /// <summary>Whether no slot is free.</summary>
    internal bool IsFull => MaxConnections > 0 && OpenConnections >= MaxConnections;

    /// <summary>Takes a slot, which is to be given back by <see cref="Give"/>; never more than there are, however many try at the same time.</summary>
    /// <returns>Whether there was one.</returns>
    internal bool TryTake()
    {
        int open = OpenConnections;
        while (MaxConnections == 0 || open < MaxConnections)
        {
            int seen = Interlocked.CompareExchange(ref _openConnections, open + 1, open);
            if (seen == open)
                return true;
            open = seen;
        }

        return false;
    }

    /// <summary>Gives a slot back.</summary>
    internal void Give() => Interlocked.Decrement(ref _openConnections);

    internal void AddConnection() => Interlocked.Increment(ref _activeConnections);

    internal void RemoveConnection() => Interlocked.Decrement(ref _activeConnections);
}
