using System.Net;
using System.Net.Sockets;
using LbTcp.Backends;
using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Discovery;
using LbTcp.Tests.TestDoubles;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;

namespace LbTcp.Tests.Discovery;

/// <summary>The addresses from which <see cref="HostConnector"/> dials.</summary>
public sealed class HostConnectorSourcesTests
{
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(6);

    private readonly IBackendConnector _connector = Substitute.For<IBackendConnector>();
    private readonly IDialLimit _limit = Substitute.For<IDialLimit>();
    private readonly LogRecorder<AddressTracker> _logs = new();

    [Theory]
    [InlineData(SocketError.AddressNotAvailable, new[] { "10.0.0.1", "10.0.0.2" })]
    [InlineData(SocketErrors.SourceNotLocal, new[] { "10.0.0.1", "10.0.0.2" })]
    [InlineData(SocketError.ConnectionRefused, new[] { "10.0.0.1" })]
    public async Task ConnectAsync_SourceAddressCannotBeUsed_DialsFromTheNext(SocketError error, string[] expected)
    {
        List<string?> sources = [];
        _connector.ConnectAsync(null!, null, CancellationToken.None).ReturnsForAnyArgs(call =>
        {
            sources.Add(call.Arg<IPAddress>()?.ToString());
            return ValueTask.FromResult(new ConnectionResult(null, error));
        });
        var connector = new HostConnector(
            _connector,
            new AddressTracker(new FakeTimeProvider(), _logs),
            new DialSources(() => [IPAddress.Parse("10.0.0.1"), IPAddress.Parse("10.0.0.2")]));

        Assert.Equal(error, (await connector.ConnectAsync(BackendOf("192.0.2.1:80"), port: null, _timeout, _limit)).Error);
        Assert.Equal(expected, sources);
    }

    [Theory]
    [InlineData(SocketErrors.SourceNotLocal, SocketError.Success, 1)]
    [InlineData(SocketErrors.SourceNotLocal, SocketError.ConnectionRefused, 1)]
    [InlineData(SocketErrors.SourceNotLocal, SocketErrors.SourceNotLocal, 0)] // the result tells
    [InlineData(SocketError.AddressNotAvailable, SocketError.Success, 0)]
    public async Task ConnectAsync_SourceAddressIsMissing_IsReportedUnlessItIsTheResult(
        SocketError first, SocketError second, int reports)
    {
        ConnectionResult result = second is SocketError.Success
            ? new ConnectionResult(Substitute.For<IConnection>(), second)
            : new ConnectionResult(null, second);
        _connector.ConnectAsync(null!, null, CancellationToken.None)
            .ReturnsForAnyArgs(new ConnectionResult(null, first), result);
        var sources = new DialSources(() => [IPAddress.Parse("10.0.0.1"), IPAddress.Parse("10.0.0.2")]);
        List<Backend> missing = [];
        sources.Missing += missing.Add;
        var connector = new HostConnector(_connector, new AddressTracker(new FakeTimeProvider(), _logs), sources);

        Assert.Equal(result, await connector.ConnectAsync(BackendOf("192.0.2.1:80"), port: null, _timeout, _limit));
        Assert.Equal(reports, missing.Count);
    }

    [Fact]
    public async Task ConnectAsync_UnixSocket_IsDialledWithoutLookUpPortAndSource()
    {
        var connector = new HostConnector(
            _connector, new AddressTracker(new FakeTimeProvider(), _logs), new DialSources(() => [IPAddress.Parse("10.0.0.1")]));

        _ = await connector.ConnectAsync(BackendOf("unix:/run/a"), port: 80, _timeout, _limit);

        _ = await _connector.Received(1).ConnectAsync(new UnixEndPoint("/run/a"), null, Arg.Any<CancellationToken>());
    }

    private static Backend BackendOf(string line) => Pools.Of(line).GetAllBackends()[0];
}
