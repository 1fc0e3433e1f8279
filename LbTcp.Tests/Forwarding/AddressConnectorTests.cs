using System.Net;
using System.Net.Sockets;
using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Diagnostics;
using LbTcp.Forwarding;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;

namespace LbTcp.Tests.Forwarding;

public sealed class AddressConnectorTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly IBackendConnector _connector = Substitute.For<IBackendConnector>();
    private readonly List<IPEndPoint> _dials = [];
    private readonly ActiveConnection _connection;
    private readonly AddressConnector _addressConnector;

    public AddressConnectorTests()
    {
        _connection = new ActiveConnection(1, InMemoryConnection.CreatePair().Connection, _clock);
        _addressConnector = new AddressConnector(_connector, new ForwardingOptions { ConnectTimeout = TimeSpan.FromSeconds(6) });
    }

    [Fact]
    public async Task ConnectAsync_NameNeverResolved_ResolvesItAndDialsAllItsAddresses()
    {
        Backend backend = new BackendPool(["localhost:80"]).GetAllBackends()[0];
        Dials(SocketError.ConnectionRefused);

        ConnectionResult result = await _addressConnector.ConnectAsync(_connection, backend);

        Assert.Equal(SocketError.ConnectionRefused, result.Error);
        Assert.NotEmpty(_dials);
        Assert.Equal(backend.EndPoints.Current, _dials);
        Assert.All(_dials, dial => Assert.True(IPAddress.IsLoopback(dial.Address)));
    }

    [Fact]
    public async Task ConnectAsync_NameDoesNotResolve_FailsWithoutADial()
    {
        Backend backend = new BackendPool(["no-such-host.invalid:80"]).GetAllBackends()[0];

        ConnectionResult result = await _addressConnector.ConnectAsync(_connection, backend);

        Assert.Null(result.Connection);
        Assert.True(result.Error is SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData, $"{result.Error}");
        Assert.Empty(_dials);
    }

    [Fact]
    public async Task ConnectAsync_TimeIsUp_IsTimedOut()
    {
        Backend backend = new BackendPool(["10.0.0.1:80"]).GetAllBackends()[0];
        var dialled = new TaskCompletionSource<ConnectionResult>();
        _connector.ConnectAsync(null!, CancellationToken.None).ReturnsForAnyArgs(call =>
        {
            _ = call.Arg<CancellationToken>().Register(() => dialled.SetResult(new ConnectionResult(null, SocketError.OperationAborted)));
            return new ValueTask<ConnectionResult>(dialled.Task);
        });

        Task<ConnectionResult> result = _addressConnector.ConnectAsync(_connection, backend).AsTask();
        _clock.Advance(TimeSpan.FromSeconds(6));
        _connection.CheckTimers(new ForwardingOptions());

        Assert.Equal(SocketError.TimedOut, (await result.Done()).Error);
    }

    [Fact]
    public async Task ConnectAsync_EndedBefore_DialsWithACancelledToken()
    {
        Backend backend = new BackendPool(["10.0.0.1:80"]).GetAllBackends()[0];
        _connector.ConnectAsync(null!, CancellationToken.None).ReturnsForAnyArgs(call =>
        {
            Assert.True(call.Arg<CancellationToken>().IsCancellationRequested);
            return ValueTask.FromResult(new ConnectionResult(null, SocketError.OperationAborted));
        });
        _connection.End(ConnectionEndReason.DrainTimeout);

        Assert.Equal(SocketError.OperationAborted, (await _addressConnector.ConnectAsync(_connection, backend)).Error);
    }

    [Fact]
    public async Task ConnectAsync_NoLocalAddressOfThatKind_TriesTheOtherAddresses()
    {
        Backend backend = new BackendPool(["localhost:80"]).GetAllBackends()[0];
        Dials(SocketError.AddressNotAvailable);

        Assert.Equal(SocketError.AddressNotAvailable, (await _addressConnector.ConnectAsync(_connection, backend)).Error);
        Assert.Equal(backend.EndPoints.Current, _dials);
    }

    private void Dials(SocketError error) => _connector.ConnectAsync(null!, CancellationToken.None).ReturnsForAnyArgs(call =>
    {
        _dials.Add((IPEndPoint)call.Arg<EndPoint>());
        return ValueTask.FromResult(new ConnectionResult(null, error));
    });
}
