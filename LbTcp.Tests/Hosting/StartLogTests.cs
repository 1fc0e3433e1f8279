using System.Net;
using LbTcp.Backends;
using LbTcp.Cli;
using LbTcp.Configuration;
using LbTcp.Connections;
using LbTcp.Diagnostics;
using LbTcp.Discovery;
using LbTcp.Hosting;
using LbTcp.Tests.TestDoubles;

namespace LbTcp.Tests.Hosting;

public class StartLogTests
{
    private readonly LogRecorder<StartLog> _logger = new();

    [Fact]
    public void Warnings_Defaults_AreNone()
    {
        Warn([], "-b", "a:1");
        Assert.Empty(_logger.Records);
    }

    [Fact]
    public void Warnings_IdleTimeoutOff_IsOne()
    {
        Warn([], "-b", "a:1", "--idle-timeout", "0");
        Assert.StartsWith("--idle-timeout is off", Assert.Single(_logger.Of(EventIds.StartWarning)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Warnings_LimitAndNames_AreOneEach()
    {
        Warn(["The name x cannot be resolved.", "The name y cannot be resolved."], "-b", "a:1", "--max-connections", "2147483647");
        Assert.Equal(3, _logger.Of(EventIds.StartWarning).Count);
    }

    [Fact]
    public void Warnings_PathOfABackendThatIsNotCheckedByHttp_IsOne()
    {
        Warn([], "-b", "a:1,health_path=/x", "http://b:1,health_path=/x", "c:1,check=http,health_path=/x");
        Assert.StartsWith(
            "The health_path of a:1 is ignored", Assert.Single(_logger.Of(EventIds.StartWarning)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1:1", "[::ffff:127.0.0.2]:1", 0)]
    [InlineData("localhost:1", "127.0.0.1:2", 0)]
    [InlineData("localhost:1", "http://127.0.0.1:1", 1)]
    [InlineData("127.0.0.1:1", "localhost:1,weight=2", 1)]
    public async Task Warnings_NamesAndAddressesOfOneServer_AreOneAndNameBoth(string first, string second, int expected)
    {
        HostOptions options = Read("-b", "10.0.0.1:1", first, second);
        Resolution[] resolutions = await Resolution.ResolveAllAsync(options.Services, new HostResolver(), TimeProvider.System);
        new StartLog(_logger).Warnings(ConnectionLimit.For(options), resolutions);
        IReadOnlyList<LogRecord> warnings = _logger.Of(EventIds.StartWarning);
        Assert.Equal(expected, warnings.Count);
        Assert.All(warnings, warning => Assert.StartsWith(
            $"The backends {first} and {second.Split(',')[0]} have the address ", warning.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Listening_EveryAddress_IsALineWithTheLimitAndItsOrigin()
    {
        using var sockets = ListenSockets.Open([new IPEndPoint(IPAddress.Loopback, 0), new IPEndPoint(IPAddress.Loopback, 0)]);
        HostOptions options = Read("-b", "a:1", "b:2", "--max-connections", "7");
        new StartLog(_logger).Listening(
            options.Services[0], ConnectionLimit.For(options), new CheckBudget(2, 2), sockets.All.Select(socket => socket.LocalEndPoint));
        Assert.Equal(
            sockets.All.Select(
                socket => $"listening on {socket.LocalEndPoint} backends=2 max_connections=7 max_connections_from=--max-connections "
                    + "max_checks=2"),
            _logger.Of(EventIds.Listening).Select(record => record.Message));
    }

    private void Warn(string[] unresolved, params string[] args)
    {
        HostOptions options = Read(args);
        var pool = new BackendPool(options.Services[0].Backends);
        new StartLog(_logger).Warnings(ConnectionLimit.For(options), [new Resolution(options.Services[0], [], pool, unresolved)]);
    }

    private static HostOptions Read(params string[] args) => new LbTcpCommand(TextWriter.Null, TextWriter.Null).Read(args);
}
