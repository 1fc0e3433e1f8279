using System.Net;
using System.Net.Sockets;
using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Discovery;
using LbTcp.Tests.TestDoubles;
using NSubstitute;

namespace LbTcp.Tests.Discovery;

/// <summary>A backend with more addresses than one dial tries.</summary>
public sealed class HostConnectorManyAddressesTests
{
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(8);

    private readonly IBackendConnector _connector = Substitute.For<IBackendConnector>();
    private readonly List<EndPoint> _dials = [];
    private readonly IDialLimit _limit = Substitute.For<IDialLimit>();

    [Fact]
    public async Task ConnectAsync_NoneAnswers_TriesEightPerDialAndOthersEachTime()
    {
        IPAddress[] addresses = [.. Enumerable.Range(1, 20).Select(i => IPAddress.Parse($"192.0.2.{i}"))];
        BackendOptions options = Pools.Options("name:80")[0] with { Resolved = new ResolvedHost("name", addresses) };
        Backend backend = new BackendPool([options]).GetAllBackends()[0];
        _connector.ConnectAsync(null!, null, CancellationToken.None).ReturnsForAnyArgs(call =>
        {
            _dials.Add(call.Arg<EndPoint>());
            return ValueTask.FromResult(new ConnectionResult(null, SocketError.ConnectionRefused));
        });
        HostConnector connector = HostConnectors.Over(_connector);

        for (int i = 0; i < 3; i++)
            _ = await connector.ConnectAsync(backend, port: null, _timeout, _limit);

        Assert.Equal(24, _dials.Count);
        Assert.Equal(backend.EndPoints, _dials.Take(20));
        _ = _limit.Received(24).BeginAttempt(_timeout / 8);
    }
}
