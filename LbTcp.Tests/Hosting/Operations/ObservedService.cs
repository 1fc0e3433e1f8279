using System.Net.Sockets;
using LbTcp.Backends;
using LbTcp.Balancing;
using LbTcp.Configuration;
using LbTcp.Health;
using LbTcp.Hosting.Operations;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Time.Testing;

namespace LbTcp.Tests.Hosting.Operations;

/// <summary>The backends of a service with all that is known about them, on a clock that the test moves.</summary>
internal sealed class ObservedService
{
    public static readonly ProbeResult Works = new(ProbeOutcome.Healthy, "connected");
    public static readonly ProbeResult Fails = new(ProbeOutcome.Unhealthy, "connection refused");
    public static readonly Requester Operator = new("local", "unix");

    public ObservedService(params string[] lines)
        : this(new ServiceOptions { Backends = Pools.Options(lines) })
    {
    }

    /// <summary>The options must not change.</summary>
    public ObservedService(ServiceOptions options)
    {
        Options = options;
        Pool = new BackendPool(options.Backends);
        Balancer = new Balancer(Pool, Policies.Create(options.Algorithm), options.SlowStartTime, Clock);
        Health = new PoolHealth(
            Pool, new(options.HealthCheck), new(options.PassiveHealth), Clock, new LogRecorder<PoolHealth>(), keepsHistory: true);
        Journals = new BackendJournals(Pool, Health, TransitionTrigger.Start, Clock);
    }

    /// <summary>Begins at 14:02:00 UTC.</summary>
    public FakeTimeProvider Clock { get; } = new(DateTimeOffset.Parse("2026-11-22T14:02:00Z"));

    public ServiceOptions Options { get; }

    public BackendPool Pool { get; }

    public Balancer Balancer { get; }

    public PoolHealth Health { get; }

    public BackendJournals Journals { get; }

    public Backend Named(string name) => Pool.Named(name);

    public BackendFacts Facts(string name) => new(
        Named(name),
        Health.RecordOf(Named(name)),
        Journals.Of(Named(name)),
        new PickShares(Balancer.Current, Options.Algorithm),
        Options,
        Clock.GetUtcNow());

    public void Check(string name, ProbeResult result, int times = 1)
    {
        for (int i = 0; i < times; i++)
        {
            _ = Health.RecordCheck(Health.RecordOf(Named(name)), result, Clock.GetTimestamp());
            Health.Decide();
        }
    }

    /// <summary>Lets connections of clients fail.</summary>
    public void Fail(string name, int times = 3)
    {
        for (int i = 0; i < times; i++)
            Health.Failed(Named(name), SocketError.ConnectionRefused);
        Health.Decide();
    }

    /// <summary>Lets connections of clients wait for an answer in vain.</summary>
    public void Silence(string name, int times = 3)
    {
        for (int i = 0; i < times; i++)
            Health.SentNothing(Named(name), TimeSpan.FromMilliseconds(500));
        Health.Decide();
    }

    public void SetIntent(string name, BackendIntent intent)
    {
        BackendIntent was = Named(name).Intent;
        Assert.True(Pool.SetIntent(Named(name), intent));
        Journals.IntentSet(Named(name), was, Operator);
    }

    public void SetWeight(string name, int? weight)
    {
        int was = Named(name).Weight;
        Assert.True(Pool.OverrideWeight(Named(name), weight));
        Journals.WeightSet(Named(name), was, Operator);
    }
}
