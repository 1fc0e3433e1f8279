using LbTcp.Backends;
using LbTcp.Connections;
using LbTcp.Diagnostics;
using LbTcp.Forwarding;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;

namespace LbTcp.Tests.Forwarding;

public sealed class ActiveConnectionTests
{
    private readonly Backend _backend = new BackendPool(["10.0.0.1:80"]).GetAllBackends()[0];
    private readonly FakeTimeProvider _clock = new();
    private readonly InMemoryConnection _client = InMemoryConnection.CreatePair().Connection;
    private readonly ActiveConnection _connection;

    public ActiveConnectionTests() => _connection = new ActiveConnection(1, _client, _clock);

    [Fact]
    public void SideEnded_Backend_IsNoLongerBusyButOpenUntilTheRelease()
    {
        _connection.Dial.Hold(Assert.IsType<BackendLease>(_backend.TryAcquire()));

        _connection.SideEnded(ConnectionSide.Backend);
        _connection.Dial.Lease!.EndUse();
        Assert.Equal((0, 1), (_backend.BusyConnections, _backend.OpenConnections));
        Assert.True(_connection.Dial.Lease.Release());

        Assert.Equal((0, 0), (_backend.BusyConnections, _backend.OpenConnections));
    }

    [Fact]
    public void Backend_WhileItIsDialledOnly_IsNone()
    {
        _connection.Dial.Hold(Assert.IsType<BackendLease>(_backend.TryAcquire()));
        Assert.Null(_connection.Dial.Backend);

        _connection.Dial.Established(InMemoryConnection.CreatePair().Connection);

        Assert.Same(_backend, _connection.Dial.Backend);
    }

    [Fact]
    public void End_SeveralReasons_TheFirstCounts()
    {
        _connection.End(ConnectionEndReason.IdleTimeout);
        _connection.End(ConnectionEndReason.DrainTimeout);

        Assert.Equal(ConnectionEndReason.IdleTimeout, _connection.ToRecord().Reason);
    }

    [Fact]
    public void End_OneSideFailedBefore_ThatIsTheReason()
    {
        IConnection backend = Substitute.For<IConnection>();
        _connection.Dial.Established(backend);
        _connection.SideFailed(new ConnectionException(ConnectionSide.Client, System.Net.Sockets.SocketError.ConnectionReset));

        _connection.End(ConnectionEndReason.HalfCloseTimeout);

        backend.Received().Abort();
        Assert.Equal(ConnectionEndReason.ClientReset, _connection.ToRecord().Reason);
    }

    [Fact]
    public void BeginStage_AlreadyEnded_IsCancelled()
    {
        _connection.End(ConnectionEndReason.DrainTimeout);

        Assert.True(_connection.BeginStage(TimeSpan.FromSeconds(5)).IsCancellationRequested);
    }

    [Fact]
    public void Established_AlreadyEnded_ResetsTheBackend()
    {
        IConnection backend = Substitute.For<IConnection>();
        _connection.End(ConnectionEndReason.DrainTimeout);

        _connection.Dial.Established(backend);

        backend.Received().Abort();
    }

    [Fact]
    public void ToRecord_BothSidesFail_TheFirstIsToBlame()
    {
        (InMemoryConnection backend, _) = InMemoryConnection.CreatePair();
        _connection.Dial.Established(backend);

        _connection.SideFailed(new ConnectionException(ConnectionSide.Backend, System.Net.Sockets.SocketError.ConnectionReset));
        _connection.SideFailed(new ConnectionException(ConnectionSide.Client, System.Net.Sockets.SocketError.OperationAborted));

        ConnectionEndRecord record = _connection.ToRecord();
        Assert.Equal((ConnectionEndReason.BackendReset, ConnectionSide.Backend), (record.Reason, record.EndedBy));
    }

    [Fact]
    public void ToRecord_EveryReason_NamesWhoEndedIt()
    {
        foreach (ConnectionEndReason reason in Enum.GetValues<ConnectionEndReason>())
        {
            var connection = new ActiveConnection(1, _client, _clock);
            connection.SideEnded(ConnectionSide.Client);
            connection.Decide(reason);

            Assert.True(Enum.IsDefined(connection.ToRecord().EndedBy));
        }
    }

    // The two sides look at each other's field after writing their own; whichever comes second has to act.
    [Fact]
    public Task End_WhileAnAttemptBegins_NeverMissesIt() => Race.RunAsync(rounds: 20_000, () =>
    {
        var connection = new ActiveConnection(1, _client, _clock);
        StageDeadline? attempt = null;
        return (
            () => attempt = connection.BeginStage(TimeSpan.FromSeconds(5)),
            () => connection.End(ConnectionEndReason.DrainTimeout),
            () =>
            {
                Assert.True(attempt!.IsCancellationRequested);
                return Task.CompletedTask;
            }
        );
    });

    [Fact]
    public Task End_WhileABackendIsReached_NeverMissesIt() => Race.RunAsync(rounds: 20_000, () =>
    {
        var connection = new ActiveConnection(1, _client, _clock);
        (InMemoryConnection toBackend, InMemoryConnection backend) = InMemoryConnection.CreatePair(side: ConnectionSide.Backend);
        return (
            () => connection.Dial.Established(toBackend),
            () => connection.End(ConnectionEndReason.DrainTimeout),
            () =>
            {
                Assert.True(backend.IsReset);
                return Task.CompletedTask;
            }
        );
    });
}
