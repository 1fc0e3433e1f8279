using System.Collections.Concurrent;
using System.Net;
using System.Runtime.CompilerServices;
using LbTcp.Backends;
using LbTcp.Balancing;
using LbTcp.Configuration;

namespace LbTcp.Tests.TestDoubles;

/// <summary>Pools and loads in a few words.</summary>
internal static class Pools
{
    public static readonly IPAddress Client = IPAddress.Parse("192.0.2.1");

    private static readonly ConditionalWeakTable<Backend, ConcurrentStack<BackendLease>> _leases = [];

    /// <summary>A pool of backends as lines of a file have them.</summary>
    public static BackendPool Of(params IEnumerable<string> lines) => new(Options(lines));

    /// <summary>The options of backends as lines of a file have them.</summary>
    public static BackendOptions[] Options(params IEnumerable<string> lines) => [.. lines.Select(line =>
        BackendLine.TryParseLine(line, out BackendOptions? options, out string? error) ? options : throw new FormatException(error))];

    /// <summary>Applies a list of backends as lines of a file have them.</summary>
    public static PoolChange Apply(this BackendPool pool, params IEnumerable<string> lines) => pool.Apply(Options(lines));

    /// <summary>So many backends, their lines ending in what is given for each.</summary>
    public static BackendPool OfSize(int count, Func<int, string>? options = null) =>
        Of(Enumerable.Range(0, count).Select(i => $"10.{i >> 16}.{(i >> 8) & 255}.{i & 255}:80 {options?.Invoke(i)}"));

    /// <summary>The pool, balanced by <paramref name="policy"/>.</summary>
    public static BalancedPool BalancedBy(this BackendPool pool, IBalancingPolicy policy) => new(pool, policy);

    /// <summary>The backend of that name or host and port.</summary>
    public static Backend Named(this BackendPool pool, string name) => pool.GetAllBackends().Single(backend => backend.Name == name);

    /// <summary>The names of backends.</summary>
    public static string[] Names(this IEnumerable<Backend> backends) => [.. backends.Select(backend => backend.Name)];

    /// <summary>Gives a backend so many connections.</summary>
    public static void Load(this Backend backend, int connections)
    {
        for (int i = 0; i < connections; i++)
            backend.Occupy();
    }

    /// <summary>Gives a backend one more connection.</summary>
    public static void Occupy(this Backend backend) =>
        _leases.GetOrCreateValue(backend).Push(Assert.IsType<BackendLease>(backend.TryAcquire()));

    /// <summary>Ends one of the connections that <see cref="Occupy"/> gave to a backend.</summary>
    public static void Vacate(this Backend backend)
    {
        Assert.True(_leases.GetOrCreateValue(backend).TryPop(out BackendLease? lease));
        Assert.True(lease.Release());
    }
}
