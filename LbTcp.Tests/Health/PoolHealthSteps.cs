using System.Net.Sockets;
using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Health;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Logging;

namespace LbTcp.Tests.Health;

/// <summary>A pool's health with the default options, and the steps that tests take with it.</summary>
internal static class PoolHealthSteps
{
    public static PoolHealth WithDefaults(BackendPool pool, TimeProvider time, ILogger<PoolHealth>? logger = null) =>
        new(pool, new(new HealthCheckOptions()), new(new PassiveHealthOptions()), time, logger ?? new LogRecorder<PoolHealth>());

    /// <summary>Has as many connections fail as eject a backend.</summary>
    public static void Eject(this PoolHealth health, Backend backend)
    {
        for (int i = 0; i < 3; i++)
            health.Failed(backend, SocketError.ConnectionRefused);
        health.Decide();
    }

    /// <summary>Records checks with one result.</summary>
    public static void Check(this PoolHealth health, TimeProvider time, Backend backend, ProbeResult result, int times)
    {
        for (int i = 0; i < times; i++)
            _ = health.RecordCheck(health.RecordOf(backend), result, time.GetTimestamp());
        health.Decide();
    }
}
