using System.Net;
using LbTcp.Cli;
using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Diagnostics;
using LbTcp.Hosting;
using LbTcp.Tests.Discovery;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Hosting;

public class StartLogTests
{
    private readonly LogRecorder<StartLog> _logger = new();

    [Fact]
    public void Warnings_Defaults_AreNone()
    {
        Warn("-b", "a:1");
        Assert.Empty(_logger.Records);
    }

    [Fact]
    public void Warnings_IdleTimeoutOff_IsOne()
    {
        Warn("-b", "a:1", "--idle-timeout", "0");
        Assert.StartsWith("--idle-timeout is off", Assert.Single(_logger.Of(EventIds.StartWarning)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Warnings_LimitThatIsNotPossible_IsOne()
    {
        Warn("-b", "a:1", "--max-connections", "2147483647");
        Assert.Equal(1, _logger.Count(EventIds.StartWarning));
    }

    [Fact]
    public void Warnings_PathOfABackendThatIsNotCheckedByHttp_IsOne()
    {
        Warn("-b", "a:1,health_path=/x", "http://b:1,health_path=/x", "c:1,check=http,health_path=/x");
        Assert.StartsWith(
            "The health_path of a:1 is ignored", Assert.Single(_logger.Of(EventIds.StartWarning)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Warnings_BytesOfABackendThatIsCheckedInAnotherWay_IsOne()
    {
        Warn("--check", "redis", "-b", "a:1,check_expect=x", "b:1,check_expect=x,check=tcp", "c:1");
        Assert.Equal(
            "The check_expect of a:1 is ignored: add check=tcp.", Assert.Single(_logger.Of(EventIds.StartWarning)).Message);
    }

    [Fact]
    public void Listening_EveryAddress_IsALineWithTheLimitAndItsOrigin()
    {
        using var sockets = ListenSockets.Open([new IPEndPoint(IPAddress.Loopback, 0), new IPEndPoint(IPAddress.Loopback, 0)]);
        HostOptions options = Read("-b", "a:1", "b:2", "--max-connections", "7");
        new StartLog(_logger).Listening(
            2, ConnectionLimit.For(options), new CheckBudget(2, 2), sockets.All.Select(socket => socket.LocalEndPoint));
        Assert.Equal(
            sockets.All.Select(
                socket => $"listening on {socket.LocalEndPoint} backends=2 max_connections=7 max_connections_from=--max-connections "
                    + "max_checks=2"),
            _logger.Of(EventIds.Listening).Select(record => record.Message));
    }

    private void Warn(params string[] args)
    {
        HostOptions options = Read(args);
        var discovery = new DiscoveryFixture().Discovery;
        new StartLog(_logger).Warnings(ConnectionLimit.For(options), [new Resolution(options.Services[0], [], discovery)]);
    }

    private static HostOptions Read(params string[] args) => new LbTcpCommand(TextWriter.Null, TextWriter.Null).Read(args);
}
