using LbTcp.Backends;
using LbTcp.Balancing;
using LbTcp.Configuration;
using LbTcp.Forwarding;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Time.Testing;

namespace LbTcp.Tests.Forwarding;

/// <summary>The base of the tests of a <see cref="ConnectionQueue"/>: creates the queue and its clients.</summary>
public abstract class ConnectionQueueScenario
{
    private long _lastId;

    private protected static ForwardingOptions Options { get; } = new() { QueueTimeout = TimeSpan.FromSeconds(5), MaxQueue = 3 };

    private protected FakeTimeProvider Clock { get; } = new();

    private protected ConnectionQueue Queue(BackendPool pool) =>
        new(pool.BalancedBy(new RoundRobinPolicy()).Balancer, new(Options), Clock);

    private protected ActiveConnection Connection() => Connection(InMemoryConnection.CreatePair().Connection);

    private protected ActiveConnection Connection(InMemoryConnection client) => new(++_lastId, client, Clock);
}
