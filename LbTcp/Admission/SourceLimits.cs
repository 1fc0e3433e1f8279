using System.Net;
using LbTcp.Configuration;
using LbTcp.Diagnostics;

namespace LbTcp.Admission;

/// <summary>
/// The limits per source and the rate of a service. A reload changes the limits while the counts go on. For any number of threads; does not
/// allocate for a source that has connections.
/// </summary>
internal sealed class SourceLimits
{
    private readonly SourceCounts _counts = new();
    private readonly SharedRate _shared = new();
    private readonly TimeProvider _timeProvider;
    private SourceRates? _rates; // from the first use on
    private volatile AdmissionLimits _current;

    /// <summary>The limits that <paramref name="options"/> set.</summary>
    public SourceLimits(CurrentServiceOptions options, TimeProvider timeProvider)
    {
        _timeProvider = timeProvider;
        _current = AdmissionLimits.Of(options.All.Value, timeProvider);
        options.All.Changed += (_, next) =>
        {
            _current = AdmissionLimits.Of(next, timeProvider);
            Changed?.Invoke();
        };
    }

    /// <summary>Raised when the limits have changed.</summary>
    public event Action? Changed;

    /// <summary>Raised when a connection of a source has ended, on the thread where it did, which must not be blocked.</summary>
    public event Action<SourceKey>? Ended
    {
        add => _counts.Ended += value;
        remove => _counts.Ended -= value;
    }

    /// <summary>The number of sources whose connections are counted now.</summary>
    public int Sources => _counts.Sources;

    /// <inheritdoc cref="AdmissionLimits.MaxWaiting"/>
    public int MaxWaiting => _current.MaxWaiting;

    /// <summary>The source that a client counts for.</summary>
    /// <param name="address">Its address; null for the client of a unix socket.</param>
    public SourceKey SourceOf(IPAddress? address) => SourceKey.Of(address, _current.PrefixIPv6);

    /// <summary>Admits a client of <paramref name="source"/> if no limit is exceeded; otherwise nothing is counted.</summary>
    public AdmissionResult TryAdmit(in SourceKey source) => TryAdmit(source, _timeProvider.GetTimestamp());

    /// <inheritdoc cref="TryAdmit(in SourceKey)"/>
    /// <param name="source">The source.</param>
    /// <param name="at">The time by which the rates are applied, in the clock's timestamps; not later than now.</param>
    public AdmissionResult TryAdmit(in SourceKey source, long at)
    {
        AdmissionLimits limits = _current;
        SourceConnections? taken = null;
        if (!source.IsNone)
        {
            if (limits.MostPerSource > 0 && (taken = _counts.TryAdd(source, limits.MostPerSource)) is null)
                return new AdmissionResult(ConnectionEndReason.SourceLimit);
            if (limits.RatePerSource is { } rate && !Rates.TryTake(source, rate, at, out long sourceDueAt))
                return Refuse(taken, sourceDueAt, isForAll: false);
        }

        // The last one: a source over its own limits uses nothing of that of the others.
        if (limits.Rate is not { } shared || _shared.TryTake(shared, at, out long dueAt))
            return new AdmissionResult(null, taken);
        if (!source.IsNone && limits.RatePerSource is { } unused)
            Rates.GiveBack(source, unused);
        return Refuse(taken, dueAt, isForAll: true);
    }

    private AdmissionResult Refuse(SourceConnections? taken, long dueAt, bool isForAll)
    {
        if (taken is not null)
            _counts.Remove(taken);
        return new AdmissionResult(ConnectionEndReason.RateLimit, DueAt: dueAt, IsForAll: isForAll);
    }

    private SourceRates Rates => Volatile.Read(ref _rates) ?? LazyInitializer.EnsureInitialized(ref _rates);
}
