using System.Net;
using LbTcp.Configuration;

namespace LbTcp.Backends;

/// <summary>One server that clients can be sent to. Its health is written by the <see cref="BackendPool"/> that holds it, and by nobody else.</summary>
public sealed class Backend
{
    /// <summary>What a weight of 1 is in shares.</summary>
    internal const int SharesPerWeight = 10;

    private volatile bool _isHealthy = true;
    private volatile IPEndPoint[] _endPoints;
    private volatile ILoadObserver? _loadObserver;
    private int _busyConnections;
    private int _openConnections;

    internal Backend(BackendAddress address)
        : this(new BackendOptions { Address = address })
    {
    }

    internal Backend(BackendOptions options)
    {
        Options = options;
        MaxConnections = options.MaxConnections;
        _endPoints = IPAddress.TryParse(Address.HostName, out IPAddress? literal)
            ? [new IPEndPoint(literal.IsIPv4MappedToIPv6 ? literal.MapToIPv4() : literal, Address.Port)]
            : [];
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

    /// <summary>
    /// The addresses that the host stands for, in the resolver's order: known for an address literal, empty for a name until it was resolved. Written when
    /// the name was resolved; may be read from any thread.
    /// </summary>
    internal IPEndPoint[] EndPoints
    {
        get => _endPoints;
        set => _endPoints = value;
    }

    /// <summary>How the backend is called in logs: by the operator's name for it, or else host and port.</summary>
    internal string Name => Options.Name ?? Address.HostAndPort;

    /// <summary>Connections that are being dialled or relayed to this backend right now.</summary>
    internal int BusyConnections => Volatile.Read(ref _busyConnections);

    /// <summary>The most connections that it may have at a time; 0 for any number.</summary>
    internal int MaxConnections { get; init; }

    /// <summary>
    /// How many of its slots are taken: connections that are being dialled or are open. Unlike <see cref="BusyConnections"/> it counts one
    /// that the backend has finished until it is closed.
    /// </summary>
    internal int OpenConnections => Volatile.Read(ref _openConnections);

    /// <summary>Whether no slot is free.</summary>
    internal bool IsFull => MaxConnections > 0 && OpenConnections >= MaxConnections;

    /// <summary>Takes a slot, which is to be given back by <see cref="Release"/>; never more than there are, however many try at the same time.</summary>
    /// <returns>Whether there was one.</returns>
    internal bool TryAcquire()
    {
        int open = OpenConnections;
        while (MaxConnections == 0 || open < MaxConnections)
        {
            int seen = Interlocked.CompareExchange(ref _openConnections, open + 1, open);
            if (seen == open)
            {
                if (open + 1 == MaxConnections)
                    _loadObserver?.LoadChanged();
                return true;
            }

            open = seen;
        }

        return false;
    }

    /// <summary>Gives a slot back.</summary>
    internal void Release()
    {
        if (Interlocked.Decrement(ref _openConnections) == MaxConnections - 1)
            _loadObserver?.LoadChanged();
    }

    /// <summary>
    /// Its share of new connections in relation to the others': ten for each unit of weight, fewer during a slow start. Plans take it over
    /// when they are prepared.
    /// </summary>
    internal int EffectiveWeight => Options.Weight * Ramp;

    /// <summary>How much of the weight is in effect, in tenths; written by the pool's <see cref="SlowStart"/>.</summary>
    internal int Ramp { get; set; } = SharesPerWeight;

    /// <summary>Told after every change of the load, and when the last slot is taken or given back; null for nobody.</summary>
    internal ILoadObserver? LoadObserver
    {
        get => _loadObserver;
        set => _loadObserver = value;
    }

    internal void AddConnection()
    {
        _ = Interlocked.Increment(ref _busyConnections);
        _loadObserver?.LoadChanged();
    }

    internal void RemoveConnection()
    {
        _ = Interlocked.Decrement(ref _busyConnections);
        _loadObserver?.LoadChanged();
    }
}
