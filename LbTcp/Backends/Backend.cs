namespace LbTcp.Backends;

/// <summary>One server that clients can be sent to. Its health is written by the <see cref="BackendPool"/> that holds it, and by nobody else.</summary>
public sealed class Backend
{
    /// <summary>What a weight of 1 is in shares.</summary>
    internal const int SharesPerWeight = 10;

    private volatile bool _isHealthy = true;
    private volatile ILoadObserver? _loadObserver;
    private int _activeConnections;

    internal Backend(BackendAddress address)
        : this(new BackendOptions { Address = address })
    {
    }

    internal Backend(BackendOptions options)
    {
        Options = options;
        MaxConnections = options.MaxConnections;
        EndPoints = new HostEndPoints(Address.Host, Address.Port);
    }

    /// <summary>The backend's URL as the operator wrote it, for example <c>http://localhost:3001</c>.</summary>
    public string Url => Address.Text;

    /// <summary>What the health checks say; true until they say otherwise. May be read from any thread.</summary>
    public bool IsHealthy
    {
        get => _isHealthy;
        internal set => _isHealthy = value;
    }

    /// <summary>What the operator configured.</summary>
    internal BackendOptions Options { get; }

    /// <summary>Scheme, host and port.</summary>
    internal BackendAddress Address => Options.Address;

    /// <summary>The addresses that the host stands for.</summary>
    internal HostEndPoints EndPoints { get; }

    /// <summary>How the backend is called in logs: by the operator's name for it, or else host and port.</summary>
    internal string Name => Options.Name ?? Address.HostAndPort;

    /// <summary>Connections that are being dialled or relayed to this backend right now.</summary>
    internal int ActiveConnections => Volatile.Read(ref _activeConnections);

    /// <summary>The most connections at a time; 0 for any number.</summary>
    internal int MaxConnections { get; init; }

    /// <summary>Whether it has as many connections as it may have.</summary>
    internal bool IsFull => MaxConnections > 0 && OpenConnections >= MaxConnections;

    /// <summary>Connections that take a place of this backend.</summary>
    internal int OpenConnections => ActiveConnections;

    /// <summary>
    /// Its share of new connections in relation to the others': ten for each unit of weight, fewer during a slow start. Plans take it over
    /// when they are prepared.
    /// </summary>
    internal int Share => Options.Weight * Ramp;

    /// <summary>How much of the weight is in effect, in tenths; written by the pool's <see cref="SlowStart"/>.</summary>
    internal int Ramp { get; set; } = SharesPerWeight;

    /// <summary>Told after every change of a count; null for nobody.</summary>
    internal ILoadObserver? LoadObserver
    {
        get => _loadObserver;
        set => _loadObserver = value;
    }

    internal void AddConnection()
    {
        _ = Interlocked.Increment(ref _activeConnections);
        _loadObserver?.LoadChanged();
    }

    internal void RemoveConnection()
    {
        _ = Interlocked.Decrement(ref _activeConnections);
        _loadObserver?.LoadChanged();
    }
}
