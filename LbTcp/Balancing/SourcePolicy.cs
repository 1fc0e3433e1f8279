using System.Runtime.CompilerServices;
using LbTcp.Backends;

namespace LbTcp.Balancing;

/// <summary>
/// The same backend for the same client address, as long as the pool stays as it is, and for almost all clients when it does not: consistent
/// hashing by a <see cref="MaglevTable"/>. All instances with the same backends map a client alike, in whatever order they list them.
/// </summary>
internal sealed class SourcePolicy : IBalancingPolicy
{
    private readonly ConditionalWeakTable<Backend, MaglevPreference> _preferences = [];

    public IBalancingPlan Prepare(IReadOnlyList<Backend> candidates)
    {
        Backend[] backends = [.. candidates];
        ulong[] hashes = Array.ConvertAll(backends, backend => PreferenceOf(backend).Hash);
        Array.Sort(hashes, backends);
        return new SourcePlan(backends, MaglevTable.Fill(Array.ConvertAll(backends, PreferenceOf), ReducedShares.Of(backends)));
    }

    private MaglevPreference PreferenceOf(Backend backend) => _preferences.GetValue(backend, MaglevPreference.Of);
}
