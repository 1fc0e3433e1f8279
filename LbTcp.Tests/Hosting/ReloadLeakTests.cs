using System.Runtime.CompilerServices;
using LbTcp.Backends;
using LbTcp.Balancing;
using LbTcp.Configuration;
using LbTcp.Health;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;

namespace LbTcp.Tests.Hosting;

/// <summary>What is left of backends that come and go.</summary>
public class ReloadLeakTests
{
    private const int Addresses = 10_000;
    private const int PerReload = 10;

    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData(Algorithm.LeastConn)]
    [InlineData(Algorithm.Source)]
    internal void Apply_ThousandReloadsThroughTenThousandAddresses_RemembersTheLatestOnly(Algorithm algorithm)
    {
        var pool = new BackendPool(Backends(0));
        var balancer = new Balancer(pool, Policies.Create(algorithm), TimeSpan.FromSeconds(30), _time);
        var checks = new CurrentOptions<HealthCheckOptions>(new HealthCheckOptions());
        var health = new PoolHealth(
            pool, checks, new CurrentOptions<PassiveHealthOptions>(new PassiveHealthOptions()), _time, new LogRecorder<PoolHealth>());
        var checker = new HealthChecker(
            pool, health, Substitute.For<IHealthProbe>(), new ProbePlaces(1, 1), checks, _time, new LogRecorder<HealthChecker>());

        List<WeakReference> seen = Reload(pool, health, Addresses / PerReload);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();

        Assert.Equal(Addresses, seen.Count);

        // Beside these the members, those that the latest change removed, and those of the last tick of the checker.
        Assert.InRange(seen.Count(backend => backend.IsAlive), PoolMembership.MaxIdle, PoolMembership.MaxIdle + (3 * PerReload));
        GC.KeepAlive((balancer, checker));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static List<WeakReference> Reload(BackendPool pool, PoolHealth health, int times)
    {
        List<WeakReference> seen = [];
        for (int reload = 0; reload < times; reload++)
        {
            _ = pool.Apply(Backends(reload));
            foreach (Backend backend in pool.GetAllBackends())
            {
                health.Failed(backend, System.Net.Sockets.SocketError.ConnectionRefused);
                seen.Add(new WeakReference(backend));
            }
        }

        return seen;
    }

    private static BackendOptions[] Backends(int reload) =>
        Pools.Options(Enumerable.Range(reload * PerReload, PerReload).Select(i => $"10.0.{i / 256}.{i % 256}:80"));
}
