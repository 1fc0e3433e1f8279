using System.Net;
using LbTcp.Configuration;
using LbTcp.Configuration.Settings;

namespace LbTcp.Backends;

/// <summary>
/// A server that client connections can be forwarded to. Its identity is its address, host and port. Identity, counters, health and intent
/// survive changes of the pool, which replaces the options as a whole. Only the <see cref="BackendPool"/> writes options, health and
/// intent.
/// </summary>
public sealed class Backend
{
    private const int NoOverride = -1;

    private volatile BackendOptions _options;
    private volatile bool _isHealthy = true;
    private volatile EndPoint[] _endPoints;
    private volatile bool _isInPool;
    private volatile BackendIntent _intent;
    private volatile int _weightOverride = NoOverride;
    private volatile int _maxConnections; // copied from the options, because every pick reads it
    private volatile ILoadObserver? _loadObserver;
    private volatile bool _isHeld;
    private int _busyConnections;
    private int _openConnections;

    internal Backend(BackendOptions options)
    {
        _options = options;
        _maxConnections = options.MaxConnections;
        _endPoints = EndPointsOf(options);
    }

    /// <summary>The backend's URL as the operator wrote it, for example <c>http://localhost:3001</c>.</summary>
    public string Url => Address.Text;

    /// <summary>
    /// Whether the backend is healthy according to checks and real traffic; true at the start. Safe to read from any thread.
    /// </summary>
    public bool IsHealthy
    {
        get => _isHealthy;
        internal set => _isHealthy = value;
    }

    /// <summary>
    /// Whether picks prefer other backends for the moment, because connections to this one wait for their first byte; no statement about
    /// its health. Safe to read from any thread.
    /// </summary>
    internal bool IsHeld
    {
        get => _isHeld;
        set => _isHeld = value;
    }

    /// <summary>The configured options. Read the property once where several of its members must be consistent.</summary>
    internal BackendOptions Options
    {
        get => _options;
        set
        {
            _options = value;
            _maxConnections = value.MaxConnections;
            _endPoints = EndPointsOf(value);
        }
    }

    /// <summary>Whether it has an address; false for a name that no name server has answered yet.</summary>
    internal bool IsResolved => _options.Resolved is not { Addresses.Count: 0 };

    /// <summary>Whether the backend belongs to the pool now; false after it was removed.</summary>
    internal bool IsInPool
    {
        get => _isInPool;
        set => _isInPool = value;
    }

    /// <summary>The operator's intent at run time.</summary>
    internal BackendIntent Intent
    {
        get => _intent;
        set => _intent = value;
    }

    /// <summary>The weight that the operator set at run time; null for the configured one.</summary>
    internal int? WeightOverride
    {
        get => _weightOverride is NoOverride ? null : _weightOverride;
        set => _weightOverride = value ?? NoOverride;
    }

    /// <summary>The weight in effect, 0 to <see cref="BackendSettings.MaxWeight"/>; slow start not considered.</summary>
    internal int Weight => WeightOverride ?? Options.Weight;

    /// <summary>Scheme, host and port.</summary>
    internal BackendAddress Address => _options.Address;

    /// <summary>
    /// The addresses to dial, as the options have them: one for an address or a unix socket, those that discovery has found for a name,
    /// none until it has found any. The array is immutable; a change of the options replaces it. Safe to read from any thread.
    /// </summary>
    internal EndPoint[] EndPoints => _endPoints;

    /// <summary>The backend's name in logs: the configured one, or else host and port.</summary>
    internal string Name => _options.Name ?? Address.HostAndPort;

    /// <summary>The number of connections that are being dialled or relayed to this backend now.</summary>
    internal int BusyConnections => Volatile.Read(ref _busyConnections);

    /// <summary>The maximum number of open connections; 0 for no limit.</summary>
    internal int MaxConnections => _maxConnections;

    /// <summary>
    /// The number of slots in use: connections that are being dialled or are open. Unlike <see cref="BusyConnections"/> it includes those
    /// that the backend has finished, until they are closed.
    /// </summary>
    internal int OpenConnections => Volatile.Read(ref _openConnections);

    /// <summary>What a connection to it usually takes, a TLS handshake not included.</summary>
    internal SmoothedTime ConnectTime { get; } = new();

    /// <summary>What the TLS handshake with it usually takes.</summary>
    internal SmoothedTime HandshakeTime { get; } = new();

    /// <summary>Whether no slot is free.</summary>
    internal bool IsFull => _maxConnections is > 0 and int most && OpenConnections >= most;

    /// <summary>Notified after every change of the load; null for none.</summary>
    internal ILoadObserver? LoadObserver => _loadObserver;

    /// <summary>Replaces an observer of the load by another one. Safe to call from any thread.</summary>
    /// <param name="before">The one that is notified no longer; null to replace none.</param>
    /// <param name="next">The one that is notified from now on; null for none.</param>
    internal void ReplaceLoadObserver(ILoadObserver? before, ILoadObserver? next)
    {
        ILoadObserver? current;
        do
            current = _loadObserver;
        while (Interlocked.CompareExchange(ref _loadObserver, LoadObservers.Replace(current, before, next), current) != current);
    }

    /// <summary>Acquires a slot unless the limit is reached. Safe to call from any number of threads.</summary>
    /// <returns>The lease, which must be released; null when no slot is free.</returns>
    internal BackendLease? TryAcquire()
    {
        int open = OpenConnections;
        while (_maxConnections is 0 || open < _maxConnections)
        {
            int seen = Interlocked.CompareExchange(ref _openConnections, open + 1, open);
            if (seen == open)
            {
                _ = Interlocked.Increment(ref _busyConnections);
                _loadObserver?.LoadChanged();
                return new BackendLease(this);
            }

            open = seen;
        }

        return null;
    }

    /// <summary>Called by a lease: a connection no longer counts as busy.</summary>
    internal void EndUse()
    {
        _ = Interlocked.Decrement(ref _busyConnections);
        _loadObserver?.LoadChanged();
    }

    /// <summary>
    /// Called by a lease: frees its slot and, if <paramref name="endsUse"/> is true, stops counting the connection as busy.
    /// </summary>
    internal void Release(bool endsUse)
    {
        if (endsUse)
            _ = Interlocked.Decrement(ref _busyConnections);

        // The limit is read after the count is changed: a plan that is prepared for a new limit may have read the old count, and is
        // notified.
        bool wasFull = Interlocked.Decrement(ref _openConnections) == _maxConnections - 1;
        if (endsUse || wasFull)
            _loadObserver?.LoadChanged();
    }

    private static EndPoint[] EndPointsOf(BackendOptions options)
    {
        if (options.Resolved is { } resolved)
            return [.. resolved.Addresses.Select(address => new IPEndPoint(address, options.Address.Port))];
        return options.Address.EndPoint is { } known ? [known] : [];
    }
}
