using System.Net;
using LbTcp.Backends;
using LbTcp.Balancing;

namespace LbTcp.Tests.TestDoubles;

/// <summary>A pool and the balancer that picks from it.</summary>
internal sealed class BalancedPool(
    BackendPool pool, IBalancingPolicy policy, TimeSpan slowStart = default, TimeProvider? timeProvider = null)
{
    public BackendPool Pool { get; } = pool;

    public Balancer Balancer { get; } = new(pool, policy, slowStart, timeProvider ?? TimeProvider.System);

    public PickSnapshot Current => Balancer.Current;

    public IReadOnlyList<Backend> GetAllBackends() => Pool.GetAllBackends();

    public IReadOnlyList<Backend> GetHealthyBackends() => Pool.GetHealthyBackends();

    public bool MarkHealthy(string url) => Pool.MarkHealthy(url);

    public bool MarkUnhealthy(string url) => Pool.MarkUnhealthy(url);

    public Backend Named(string name) => Pool.Named(name);

    /// <summary>One pick as of now.</summary>
    public Backend? Pick(params Backend[] tried) => Current.Plan.Pick(new PickRequest(Pools.Client, tried));

    /// <summary>One pick for a client.</summary>
    public Backend? PickFor(IPAddress client) => Current.Plan.Pick(new PickRequest(client));

    /// <summary>The names of so many picks, each of which ends before the next.</summary>
    public IEnumerable<string> PickNames(int count) => Enumerable.Range(0, count).Select(_ => Pick()?.Name ?? "none").ToArray();

    /// <summary>How often each backend was picked in so many picks.</summary>
    public Dictionary<Backend, int> CountPicks(int count)
    {
        var picks = GetAllBackends().ToDictionary(backend => backend, _ => 0);
        for (int i = 0; i < count; i++)
            picks[Pick()!]++;
        return picks;
    }
}
