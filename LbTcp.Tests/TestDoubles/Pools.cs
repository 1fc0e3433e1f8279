using System.Net;
using LbTcp.Backends;
using LbTcp.Balancing;
using LbTcp.Configuration;

namespace LbTcp.Tests.TestDoubles;

/// <summary>Pools and picks in a few words.</summary>
internal static class Pools
{
    public static readonly IPAddress Client = IPAddress.Parse("192.0.2.1");

    /// <summary>A pool of backends as lines of a file have them.</summary>
    public static BackendPool Of(params IEnumerable<string> lines) => new(lines.Select(line =>
        BackendLine.TryParseLine(line, out BackendOptions? options, out string? error)
            ? new Backend(options)
            : throw new FormatException(error)));

    /// <summary>So many backends, their lines ending in what is given for each.</summary>
    public static BackendPool OfSize(int count, Func<int, string>? options = null) =>
        Of(Enumerable.Range(0, count).Select(i => $"10.{i >> 16}.{(i >> 8) & 255}.{i & 255}:80 {options?.Invoke(i)}"));

    /// <summary>The same pool, balanced by <paramref name="policy"/>.</summary>
    public static BackendPool BalancedBy(this BackendPool pool, IBalancingPolicy policy)
    {
        pool.Balance(policy);
        return pool;
    }

    /// <summary>One pick from the pool as it is now.</summary>
    public static Backend? Pick(this BackendPool pool, params Backend[] tried) => pool.Snapshot.Plan.Pick(new PickRequest(Client, tried));

    /// <summary>One pick for a client.</summary>
    public static Backend? PickFor(this BackendPool pool, IPAddress client) => pool.Snapshot.Plan.Pick(new PickRequest(client));

    /// <summary>The backend of that name or host and port.</summary>
    public static Backend Named(this BackendPool pool, string name) => pool.GetAllBackends().Single(backend => backend.Name == name);

    /// <summary>The names of so many picks, each of which ends before the next.</summary>
    public static IEnumerable<string> PickNames(this BackendPool pool, int count) =>
        Enumerable.Range(0, count).Select(_ => pool.Pick()?.Name ?? "none").ToArray();

    /// <summary>How often each backend was picked in so many picks.</summary>
    public static Dictionary<Backend, int> CountPicks(this BackendPool pool, int count)
    {
        var picks = pool.GetAllBackends().ToDictionary(backend => backend, _ => 0);
        for (int i = 0; i < count; i++)
            picks[pool.Pick()!]++;
        return picks;
    }

    /// <summary>Gives a backend so many connections.</summary>
    public static void Load(this Backend backend, int connections)
    {
        for (int i = 0; i < connections; i++)
            backend.Occupy();
    }

    /// <summary>Gives a backend one more connection.</summary>
    public static void Occupy(this Backend backend)
    {
        Assert.True(backend.TryAcquire());
        backend.AddConnection();
    }

    /// <summary>Ends one of a backend's connections.</summary>
    public static void Vacate(this Backend backend)
    {
        backend.RemoveConnection();
        backend.Release();
    }
}
