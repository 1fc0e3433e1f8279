using System.Net;
using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Forwarding;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;

namespace LbTcp.Tests.Forwarding;

/// <summary>A <see cref="FirstByteWatch"/> with a timeout of 500 ms, and connections whose bytes move as the test says.</summary>
public abstract class FirstByteScenario
{
    private readonly CurrentOptions<ForwardingOptions> _options = new(new ForwardingOptions { FirstByteTimeout = Limit });
    private long _connections;

    private protected FirstByteScenario()
    {
        Tracker.SilencesLeft(null!).ReturnsForAnyArgs(3);
        Watch = new FirstByteWatch(Tracker, _options, Clock);
    }

    private protected static TimeSpan Limit { get; } = TimeSpan.FromMilliseconds(500);

    private protected FakeTimeProvider Clock { get; } = new();

    private protected IAnswerTracker Tracker { get; } = Substitute.For<IAnswerTracker>();

    private protected FirstByteWatch Watch { get; }

    private protected BackendPool Pool { get; } =
        Pools.Of("10.0.0.1:80", "10.0.0.2:80 first_byte_timeout=2s", "10.0.0.3:80 first_byte_timeout=0");

    private protected Backend Backend => Pool.GetAllBackends()[0];

    /// <summary>Changes the timeout of all backends.</summary>
    private protected void SetLimit(TimeSpan limit) => _options.Replace(_options.Value with { FirstByteTimeout = limit });

    /// <summary>Lets time pass in ticks of 5 ms, with a look at the end of each.</summary>
    private protected void Pass(TimeSpan time)
    {
        for (TimeSpan passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromMilliseconds(5))
        {
            Clock.Advance(TimeSpan.FromMilliseconds(5));
            Watch.Look();
        }
    }

    private protected void PassMilliseconds(int milliseconds) => Pass(TimeSpan.FromMilliseconds(milliseconds));

    /// <summary>A client is connected to a backend, and is looked at once.</summary>
    private protected WatchedConnection Connect(Backend? backend = null)
    {
        var connection = new WatchedConnection(++_connections, backend ?? Backend, Clock);
        Watch.Begin(connection.Connection);
        Watch.Look();
        return connection;
    }

    /// <summary>A client is connected to a backend, and has sent a request that was passed on.</summary>
    private protected WatchedConnection Request(Backend? backend = null)
    {
        WatchedConnection connection = Connect(backend);
        connection.ToBackend.Send(100);
        Watch.Look();
        return connection;
    }

    private protected void AssertBlamed(int times, Backend? backend = null) =>
        Tracker.Received(times).SentNothing(backend ?? Backend, Arg.Any<TimeSpan>());
}

/// <summary>A connection between a client and a backend whose bytes the test counts.</summary>
internal sealed class WatchedConnection
{
    public WatchedConnection(long id, Backend backend, TimeProvider clock)
    {
        Connection = new ActiveConnection(id, Client, clock);
        Client.RemoteEndPoint.Returns(IPEndPoint.Parse("192.0.2.1:50000"));
        Connection.Dial.Hold(backend.TryAcquire()!);
        Connection.Dial.Established(Server);
        Connection.BytesMove(ToBackend, ToClient);
    }

    public ActiveConnection Connection { get; }

    public IConnection Client { get; } = Substitute.For<IConnection>();

    public IConnection Server { get; } = Substitute.For<IConnection>();

    public CountingTransfer ToBackend { get; } = new();

    public CountingTransfer ToClient { get; } = new();

    public bool IsEnded => Connection.IsDecided;

    /// <summary>The backend sends its first byte.</summary>
    public void Answer() => ToClient.Receive(1);
}
