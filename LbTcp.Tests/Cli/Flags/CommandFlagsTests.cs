using System.CommandLine;
using LbTcp.Balancing;
using LbTcp.Cli;
using LbTcp.Cli.Flags;
using LbTcp.Configuration;
using Microsoft.Extensions.Logging;

namespace LbTcp.Tests.Cli.Flags;

public class CommandFlagsTests
{
    [Fact]
    public void Read_BackendsOnly_GivesTheDefaults()
    {
        HostOptions host = Read();
        ServiceOptions service = Assert.Single(host.Services);
        Assert.Equal("a:1", Assert.Single(service.Backends).Address.HostAndPort);
        Assert.Equal([new("127.0.0.1", 8080)], service.Listen);
        Assert.Equal((Algorithm.RoundRobin, TimeSpan.Zero), (service.Algorithm, service.SlowStartTime));
        Assert.Equal(TimeSpan.FromSeconds(30), service.DrainTimeout);
        Assert.Equal(new ServiceOptions { Backends = service.Backends }, service);
        Assert.Null(host.MaxConnections);
        Assert.Equal((LogLevel.Information, LogFormat.Text), (host.LogLevel, host.LogFormat));
        Assert.Equal(new HostOptions { Services = host.Services }, host);
    }

    [Theory]
    [InlineData("-b", "x:1", "y:2")]
    [InlineData("-b", "x:1", "-b", "y:2")]
    [InlineData("--backends=x:1", "--backends=y:2")]
    public void Read_ManyBackends_KeepTheirOrder(params string[] args) =>
        Assert.Equal(["x:1", "y:2"], Command().Read(args).Services[0].Backends.Select(backend => backend.Address.Text));

    [Fact]
    public void Read_ManyListenAddresses_KeepTheirOrder() =>
        Assert.Equal([new(null, 80), new("::1", 81)], ReadService("-l", "80", "--listen", "[::1]:81").Listen);

    [Fact]
    public void Read_PortZeroTwice_IsNoRepetition() => Assert.Equal(2, ReadService("-l", "127.0.0.1:0", "-l", "127.0.0.1:0").Listen.Count);

    [Fact]
    public void Read_HealthCheckFlags_AreMapped() => Assert.Equal(
        new HealthCheckOptions
        {
            Kind = CheckKind.Http,
            Path = "/ready?full=1",
            Interval = TimeSpan.FromSeconds(5),
            Timeout = TimeSpan.FromMilliseconds(250),
            Rise = 4,
            Fall = 5,
        },
        ReadService("--check", "http", "--health-path", "/ready?full=1", "--check-interval", "5s", "--check-timeout", "250ms", "--rise",
            "4", "--fall", "5").HealthCheck);

    [Theory]
    [InlineData("auto", "Auto")]
    [InlineData("tcp", "Tcp")]
    [InlineData("http", "Http")]
    [InlineData("none", "None")]
    public void Read_CheckKind_IsMapped(string word, string kind) =>
        Assert.Equal(kind, ReadService("--check", word).HealthCheck.Kind.ToString());

    [Theory]
    [InlineData("roundrobin", "RoundRobin", typeof(RoundRobinPolicy))]
    [InlineData("leastconn", "LeastConn", typeof(LeastConnPolicy))]
    [InlineData("random", "Random", typeof(RandomPolicy))]
    [InlineData("source", "Source", typeof(SourcePolicy))]
    [InlineData("first", "First", typeof(FirstPolicy))]
    public void Read_Algorithm_IsMapped(string word, string algorithm, Type policy)
    {
        ServiceOptions options = ReadService("--algorithm", word, "--slow-start", "30s");
        Assert.Equal(algorithm, options.Algorithm.ToString());
        Assert.IsType(policy, Policies.Create(options.Algorithm));
        Assert.Equal(TimeSpan.FromSeconds(30), options.SlowStartTime);
    }

    [Fact]
    public void Read_PassiveHealthFlags_AreMapped() => Assert.Equal(
        new PassiveHealthOptions { Fall = 0, EjectionTime = TimeSpan.FromSeconds(1), MaxEjectionTime = TimeSpan.FromMinutes(1) },
        ReadService("--passive-fall", "0", "--ejection-time", "1s", "--max-ejection-time", "1m").PassiveHealth);

    [Fact]
    public void Read_ForwardingFlags_AreMapped() => Assert.Equal(
        new ForwardingOptions
        {
            ConnectTimeout = TimeSpan.FromSeconds(1),
            Retries = 0,
            QueueTimeout = TimeSpan.FromSeconds(2),
            MaxQueue = 0,
            WhenAllDown = WhenAllDown.TryAny,
            OnDown = OnDown.Close,
            CloseSpread = TimeSpan.Zero,
            IdleTimeout = TimeSpan.Zero,
            HalfCloseTimeout = TimeSpan.FromMinutes(2),
            AccessLog = AccessLog.Off,
        },
        ReadService(
            "--connect-timeout", "1s", "--retries", "0", "--queue-timeout", "2s", "--max-queue", "0", "--when-all-down", "try-any",
            "--on-down", "close", "--close-spread", "0", "--idle-timeout", "0", "--half-close-timeout", "2m", "--access-log", "off")
            .Forwarding);

    [Fact]
    public void Read_ProcessFlags_AreMapped()
    {
        HostOptions options = Read(
            "--max-connections", "7", "--drain-timeout", "0", "--keepalive", "2m", "--dead-peer-timeout", "3m", "--transport", "sockets");
        Assert.Equal(TimeSpan.Zero, options.Services[0].DrainTimeout);
        Assert.Equal(7, options.MaxConnections);
        Assert.Equal(TimeSpan.FromMinutes(2), options.Transport.KeepAlive);
        Assert.Equal(TimeSpan.FromMinutes(3), options.Transport.DeadPeerTimeout);
        Assert.Equal(TimeSpan.FromMinutes(3), options.Services[0].Forwarding.DeadPeerTimeout);
        Assert.Equal(TransportKind.Sockets, options.TransportKind);
    }

    [Theory]
    [InlineData("trace", LogLevel.Trace)]
    [InlineData("debug", LogLevel.Debug)]
    [InlineData("info", LogLevel.Information)]
    [InlineData("warn", LogLevel.Warning)]
    [InlineData("error", LogLevel.Error)]
    public void Read_LogLevel_IsMapped(string word, LogLevel level) => Assert.Equal(level, Read("--log-level", word).LogLevel);

    [Fact]
    public void Read_LogFormat_IsMapped() => Assert.Equal(LogFormat.Json, Read("--log-format", "json").LogFormat);

    [Theory]
    [InlineData(false)]
    [InlineData(true, "--validate")]
    public void IsValidateOnly_Flag_Decides(bool expected, params string[] args)
    {
        var flags = new CommandFlags();
        var root = new RootCommand();
        foreach (Option flag in flags.Groups.SelectMany(group => group.Flags))
            root.Add(flag);
        Assert.Equal(expected, flags.IsValidateOnly(root.Parse(args)));
    }

    private static ServiceOptions ReadService(params string[] args) => Read(args).Services[0];

    private static HostOptions Read(params string[] args) => Command().Read(["--backends", "a:1", .. args]);

    private static LbTcpCommand Command() => new(TextWriter.Null, TextWriter.Null);
}
