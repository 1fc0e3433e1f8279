using System.Collections.ObjectModel;
using System.Runtime.CompilerServices;
using LbTcp.Backends;
using LbTcp.Configuration;

namespace LbTcp.Health;

/// <summary>
/// The health records of the backends of a pool. A record lives as long as its backend, so a backend that is removed and returns continues
/// its record. Not thread-safe unless noted otherwise.
/// </summary>
internal sealed class HealthRecords
{
    private readonly ConditionalWeakTable<Backend, BackendHealth> _known = [];
    private readonly ConditionalWeakTable<Backend, BackendHealth>.CreateValueCallback _create;
    private ReadOnlyCollection<Backend> _members = ReadOnlyCollection<Backend>.Empty;

    /// <summary>Creates an empty list of records.</summary>
    /// <param name="checks">Sets how many results of checks in a row flip a backend.</param>
    /// <param name="passive">Sets when real traffic ejects a backend.</param>
    /// <param name="timeProvider">The clock of ejections.</param>
    /// <param name="keepsHistory">Whether the latest checks are kept.</param>
    public HealthRecords(
        CurrentOptions<HealthCheckOptions> checks,
        CurrentOptions<PassiveHealthOptions> passive,
        TimeProvider timeProvider,
        bool keepsHistory) =>
        _create = backend => new BackendHealth(backend, new HealthTracker(checks), new OutlierTracker(passive, timeProvider), checks)
        {
            History = keepsHistory ? new CheckHistory(timeProvider) : null,
        };

    /// <summary>
    /// The record of each member, in the order of the pool. The list is immutable; <see cref="Update"/> replaces it. Safe to read from any
    /// thread.
    /// </summary>
    public IReadOnlyList<BackendHealth> Current { get; private set; } = [];

    /// <summary>Returns the record of <paramref name="backend"/>. Safe to call from any number of threads.</summary>
    public BackendHealth Of(Backend backend) => _known.GetValue(backend, _create);

    /// <summary>Makes <see cref="Current"/> the records of <paramref name="members"/>.</summary>
    public void Update(ReadOnlyCollection<Backend> members)
    {
        if (members == _members)
            return;
        _members = members;
        Current = [.. members.Select(Of)];
    }
}
