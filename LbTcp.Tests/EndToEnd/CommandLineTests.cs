using System.Globalization;
using System.Net.Sockets;
using LbTcp.Tests.EndToEnd.Harness;

namespace LbTcp.Tests.EndToEnd;

/// <summary>
/// What the program answers to a command line or a backends file that it cannot use: a sentence and an exit code, never a stack trace.
/// </summary>
public sealed class CommandLineTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("lbtcp-test-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    public async Task Help_GoesToStandardOutput(string flag)
    {
        ProgramRun run = await ProgramRun.OfLbTcpAsync(flag);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        string[] flags =
        [
            "--listen", "--backends", "--backends-file", "--algorithm", "--check", "--health-path", "--check-interval", "--check-timeout",
            "--rise", "--fall", "--connect-timeout", "--retries", "--idle-timeout", "--half-close-timeout", "--keepalive",
            "--drain-timeout", "--max-connections", "--when-all-down", "--log-level", "--log-format", "--access-log",
            "--transport", "--validate",
        ];
        Assert.All(flags, name => Assert.Contains(name, run.Output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Version_GoesToStandardOutput()
    {
        ProgramRun run = await ProgramRun.OfLbTcpAsync("--version");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Matches("""\d+\.\d+\.\d+""", run.Output);
    }

    [Fact]
    public async Task NoBackends_IsRefused()
    {
        System.Diagnostics.ProcessStartInfo info = LbTcpBinary.StartInfo([]);
        info.WorkingDirectory = _directory;

        Refusals.AssertIsRefused(await ProgramRun.OfAsync(info), "--backends");
    }

    [Theory]
    [InlineData("--nonsense", "--nonsense")]
    [InlineData("--idle-timeout 5", "--idle-timeout", "5")]
    [InlineData("--idle-timeout 5 --idle-timeout 6s", "--idle-timeout")]
    [InlineData("--hedge-after 5", "--hedge-after", "5")]
    [InlineData("--hedge-after -1s", "--hedge-after", "-1s")]
    [InlineData("--rise 1 --rise 2", "--rise")]
    [InlineData("--rise 0", "--rise")]
    [InlineData("--check maybe", "--check", "maybe")]
    [InlineData("--health-path health", "--health-path")]
    [InlineData("--max-connections -1", "--max-connections")]
    [InlineData("--listen 127.0.0.1:65536", "--listen", "65536")]
    [InlineData("--listen ::1:80", "--listen", "::1:80", "brackets")]
    [InlineData("stray", "stray")]
    public async Task Flags_AreWrong_AreRefusedByName(string flags, params string[] expectations) =>
        Refusals.AssertIsRefused(await ProgramRun.OfLbTcpAsync([.. flags.Split(' '), "--backends", "127.0.0.1:1"]), expectations);

    [Fact]
    public async Task Flag_ValueIsMissing_IsRefusedByName() =>
        Refusals.AssertIsRefused(await ProgramRun.OfLbTcpAsync("--backends", "127.0.0.1:1", "--idle-timeout"), "--idle-timeout");

    [Theory]
    [InlineData("127.0.0.1:-1")]
    [InlineData("127.0.0.1:0")]
    [InlineData("127.0.0.1:65536")]
    [InlineData("127.0.0.1:80x")]
    [InlineData("127.0.0.1: 80")]
    [InlineData("127.0.0.1:+80")]
    [InlineData("127.0.0.1:080")]
    [InlineData("127.0.0.1:８０")]
    [InlineData("127.0.0.1:80\r")]
    [InlineData("1:80")]
    [InlineData("127.1:80")]
    [InlineData("80")]
    [InlineData("0x7f000001:80")]
    [InlineData("010.0.0.1:80")]
    [InlineData("2130706433:80")]
    [InlineData("::1:80")]
    [InlineData("web1")]
    [InlineData("ftp://web1:80")]
    [InlineData("http://web1:80/path")]
    [InlineData("web 1:80")]
    [InlineData("127.0.0.1:1,what=ever")]
    [InlineData("web1:80\u001b[2J\u2028")]
    public async Task Backend_IsNotOne_IsRefusedAndQuotedHarmlessly(string backend) =>
        Refusals.AssertIsRefused(await ProgramRun.OfLbTcpAsync("--backends", backend), "--backends");

    [Theory]
    [InlineData("[::1]:80", "[::1]:80")]
    [InlineData("localhost:80", "localhost:80")]
    [InlineData("http://LOCALHOST:3001/", "localhost:3001")]
    [InlineData("tcp://127.0.0.1:65535", "127.0.0.1:65535")]
    public async Task Backend_IsOne_IsShownByValidate(string backend, string shown)
    {
        ProgramRun run = await ProgramRun.OfLbTcpAsync("--validate", "--backends", backend);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains(shown, run.Output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Backend_IsListedTwice_IsRefused() =>
        Refusals.AssertIsRefused(await ProgramRun.OfLbTcpAsync("--backends", "127.0.0.1:80", "http://127.0.0.1:80"), "127.0.0.1:80");

    [Fact]
    public async Task Backend_IsTheProgramItself_IsRefused()
    {
        using var port = new ReservedPort();
        string own = $"{port.EndPoint}";

        Refusals.AssertIsRefused(await ProgramRun.OfLbTcpAsync("--listen", own, "--backends", own), own);
    }

    [Theory]
    [InlineData("192.0.2.1:0")]
    [InlineData("[2001:db8::1]:0")]
    public async Task Listen_AddressIsNotOfThisHost_FailsByName(string address)
    {
        ProgramRun run = await ProgramRun.OfLbTcpAsync("--listen", address, "--backends", "127.0.0.1:1");

        Refusals.AssertFailedToStart(run, address[..^2]);
    }

    [Fact]
    public async Task Listen_PortIsInUse_FailsByName()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        listener.Listen();

        string taken = $"{listener.LocalEndPoint}";

        Refusals.AssertFailedToStart(await ProgramRun.OfLbTcpAsync("--listen", taken, "--backends", "127.0.0.1:1"), taken);
    }

    [SkippableFact]
    public async Task Listen_PortIsPrivileged_FailsByName()
    {
        Skip.If(int.Parse(File.ReadAllText("/proc/sys/net/ipv4/ip_unprivileged_port_start"), CultureInfo.InvariantCulture) <= 1,
            "skipped: no port is privileged here");
        string? dropPrivilege = Environment.IsPrivilegedProcess
            ? "exec setpriv --bounding-set=-net_bind_service --inh-caps=-net_bind_service \"$0\" \"$@\""
            : null;
        string[] arguments = ["--listen", "127.0.0.1:1", "--backends", "127.0.0.1:2"];

        ProgramRun run = await ProgramRun.OfAsync(LbTcpBinary.StartInfo(arguments, dropPrivilege));

        Refusals.AssertFailedToStart(run, "127.0.0.1:1");
        Assert.Contains("permission", run.Error, StringComparison.OrdinalIgnoreCase);
    }
}
