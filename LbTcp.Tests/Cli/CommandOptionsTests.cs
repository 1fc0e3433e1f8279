using LbTcp.Balancing;
using LbTcp.Cli;
using LbTcp.Configuration;
using LbTcp.Hosting;
using Microsoft.Extensions.Logging;

namespace LbTcp.Tests.Cli;

public class CommandOptionsTests
{
    [Fact]
    public void Read_BackendsOnly_GivesTheDefaults()
    {
        CommandOptions options = Read();
        Assert.Equal([ListenAddress.Default], options.Listen);
        Assert.Equal("a:1", Assert.Single(options.Backends).Address.HostAndPort);
        Assert.Null(options.BackendsFile);
        Assert.Equal((Algorithm.RoundRobin, TimeSpan.Zero), (options.Algorithm, options.SlowStart));
        Assert.Equal(new HealthCheckOptions(), options.HealthCheck);
        Assert.Equal(new ForwardingOptions(), options.Forwarding);
        Assert.Equal(new TransportOptions(), options.Transport);
        Assert.Equal(new LoadBalancerOptions { MaxConnections = options.ConnectionLimit.Value }, options.LoadBalancer);
        Assert.Equal((LogLevel.Information, LogFormat.Text, false), (options.LogLevel, options.LogFormat, options.ValidateOnly));
    }

    [Theory]
    [InlineData("-b", "x:1", "y:2")]
    [InlineData("-b", "x:1", "-b", "y:2")]
    [InlineData("--backends=x:1", "--backends=y:2")]
    public void Read_ManyBackends_KeepTheirOrder(params string[] args) =>
        Assert.Equal(
            ["x:1", "y:2"], new LbTcpCommand(TextWriter.Null, TextWriter.Null).Read(args).Backends.Select(backend => backend.Address.Text));

    [Fact]
    public void Read_ManyListenAddresses_KeepTheirOrder() =>
        Assert.Equal([new(null, 80), new("::1", 81)], Read("-l", "80", "--listen", "[::1]:81").Listen);

    [Fact]
    public void Read_PortZeroTwice_IsNoRepetition() => Assert.Equal(2, Read("-l", "127.0.0.1:0", "-l", "127.0.0.1:0").Listen.Count);

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
        Read("--check", "http", "--health-path", "/ready?full=1", "--check-interval", "5s", "--check-timeout", "250ms",
                "--rise", "4", "--fall", "5").HealthCheck);

    [Theory]
    [InlineData("auto", "Auto")]
    [InlineData("tcp", "Tcp")]
    [InlineData("http", "Http")]
    [InlineData("none", "None")]
    public void Read_CheckKind_IsMapped(string word, string kind) => Assert.Equal(kind, Read("--check", word).HealthCheck.Kind.ToString());

    [Theory]
    [InlineData("roundrobin", "RoundRobin", typeof(RoundRobinPolicy))]
    [InlineData("leastconn", "LeastConn", typeof(LeastConnPolicy))]
    [InlineData("random", "Random", typeof(RandomPolicy))]
    [InlineData("source", "Source", typeof(SourcePolicy))]
    [InlineData("first", "First", typeof(FirstPolicy))]
    public void Read_Algorithm_IsMapped(string word, string algorithm, Type policy)
    {
        CommandOptions options = Read("--algorithm", word, "--slow-start", "30s");
        Assert.Equal(algorithm, options.Algorithm.ToString());
        Assert.IsType(policy, Policies.Create(options.Algorithm));
        Assert.Equal(TimeSpan.FromSeconds(30), options.SlowStart);
    }

    [Fact]
    public void Read_PassiveHealthFlags_AreMapped() => Assert.Equal(
        new PassiveHealthOptions { Fall = 0, EjectionTime = TimeSpan.FromSeconds(1), MaxEjectionTime = TimeSpan.FromMinutes(1) },
        Read("--passive-fall", "0", "--ejection-time", "1s", "--max-ejection-time", "1m").PassiveHealth);

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
            AccessLog = false,
        },
        Read(
            "--connect-timeout", "1s", "--retries", "0", "--queue-timeout", "2s", "--max-queue", "0", "--when-all-down", "try-any",
            "--on-down", "close", "--close-spread", "0", "--idle-timeout", "0", "--half-close-timeout", "2m", "--access-log", "off")
            .Forwarding);

    [Fact]
    public void Read_ProcessFlags_AreMapped()
    {
        CommandOptions options = Read("--max-connections", "7", "--drain-timeout", "0", "--keepalive", "2m", "--transport", "sockets");
        Assert.Equal(new LoadBalancerOptions { MaxConnections = 7, DrainTimeout = TimeSpan.Zero }, options.LoadBalancer);
        Assert.Equal(new ConnectionLimit(7, "--max-connections", null), options.ConnectionLimit);
        Assert.Equal(TimeSpan.FromMinutes(2), options.Transport.KeepAlive);
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
    public void Read_LogFormatAndValidate_AreMapped()
    {
        CommandOptions options = Read("--log-format", "json", "--validate");
        Assert.Equal((LogFormat.Json, true), (options.LogFormat, options.ValidateOnly));
    }

    private static CommandOptions Read(params string[] args) =>
        new LbTcpCommand(TextWriter.Null, TextWriter.Null).Read(["--backends", "a:1", .. args]);
}
