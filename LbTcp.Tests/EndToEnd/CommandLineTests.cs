using System.Globalization;
using System.Net.Sockets;
using System.Text;
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

        AssertIsRefused(await ProgramRun.OfAsync(info), "--backends");
    }

    [Theory]
    [InlineData("--nonsense", "--nonsense")]
    [InlineData("--idle-timeout 5", "--idle-timeout", "5")]
    [InlineData("--idle-timeout 5 --idle-timeout 6s", "--idle-timeout")]
    [InlineData("--rise 1 --rise 2", "--rise")]
    [InlineData("--rise 0", "--rise")]
    [InlineData("--check maybe", "--check", "maybe")]
    [InlineData("--health-path health", "--health-path")]
    [InlineData("--max-connections -1", "--max-connections")]
    [InlineData("--listen 127.0.0.1:65536", "--listen", "65536")]
    [InlineData("--listen ::1:80", "--listen", "::1:80", "brackets")]
    [InlineData("stray", "stray")]
    public async Task Flags_AreWrong_AreRefusedByName(string flags, params string[] expectations) =>
        AssertIsRefused(await ProgramRun.OfLbTcpAsync([.. flags.Split(' '), "--backends", "127.0.0.1:1"]), expectations);

    [Fact]
    public async Task Flag_ValueIsMissing_IsRefusedByName() =>
        AssertIsRefused(await ProgramRun.OfLbTcpAsync("--backends", "127.0.0.1:1", "--idle-timeout"), "--idle-timeout");

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
        AssertIsRefused(await ProgramRun.OfLbTcpAsync("--backends", backend), "--backends");

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
        AssertIsRefused(await ProgramRun.OfLbTcpAsync("--backends", "127.0.0.1:80", "http://127.0.0.1:80"), "127.0.0.1:80");

    [Fact]
    public async Task Backend_IsTheProgramItself_IsRefused()
    {
        using var port = new ReservedPort();
        string own = $"{port.EndPoint}";

        AssertIsRefused(await ProgramRun.OfLbTcpAsync("--listen", own, "--backends", own), own);
    }

    [Theory]
    [InlineData("127.0.0.1:3001\n127.0.0.1:3002\n")]
    [InlineData("\uFEFF127.0.0.1:3001\r\n\r\n# a comment\r\n  127.0.0.1:3002 \t # another\r\n")]
    [InlineData("\t127.0.0.1:3001\n127.0.0.1:3002")]
    public async Task BackendsFile_IsWritten_AsPeopleDo_IsRead(string content)
    {
        ProgramRun run = await ProgramRun.OfLbTcpAsync("--validate", "--backends-file", Write(Encoding.UTF8.GetBytes(content)));

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("127.0.0.1:3001", run.Output, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1:3002", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1:3001\n\n127.0.0.1\n", "3")]
    [InlineData("127.0.0.1:3001\n127.0.0.1:30\0\n", "2")]
    [InlineData("127.0.0.1:3001\n\u001b[31m\u2028\u0085:80\n", "2")]
    [InlineData("127.0.0.1:3001\n127.0.0.1:3001\n", "2")]
    [InlineData("127.0.0.1:3001 what=ever\n", "1")]
    public async Task BackendsFile_HasAWrongLine_IsRefusedWithFileAndLine(string content, string line)
    {
        string path = Write(Encoding.UTF8.GetBytes(content));

        AssertIsRefused(await ProgramRun.OfLbTcpAsync("--backends-file", path), $"{path}:{line}");
    }

    [Fact]
    public async Task BackendsFile_IsUnreasonable_IsRefused()
    {
        string[] paths =
        [
            Write([]),
            Write("# nothing but a comment\n"u8),
            Write([0xFF, 0xFE, 0x00, 0xD8, (byte)'\n']),
            Write(Encoding.ASCII.GetBytes(new string('a', 1024 * 1024) + ":80\n")),
            Path.Combine(_directory, "missing"),
            _directory,
        ];

        foreach (string path in paths)
            AssertIsRefused(await ProgramRun.OfLbTcpAsync("--backends-file", path), path);
    }

    [Fact]
    public async Task BackendsFile_HasManyLines_IsReadInReasonableTime()
    {
        IEnumerable<string> lines = Enumerable.Range(0, 100_000).Select(i => $"10.{i >> 16}.{(i >> 8) & 255}.{i & 255}:80\n");

        string path = Write(Encoding.ASCII.GetBytes(string.Concat(lines)));

        ProgramRun run = await ProgramRun.OfLbTcpAsync("--validate", "--backends-file", path);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
    }

    [Theory]
    [InlineData("192.0.2.1:0")]
    [InlineData("[2001:db8::1]:0")]
    public async Task Listen_AddressIsNotOfThisHost_FailsByName(string address)
    {
        ProgramRun run = await ProgramRun.OfLbTcpAsync("--listen", address, "--backends", "127.0.0.1:1");

        AssertFailedToStart(run, address[..^2]);
    }

    [Fact]
    public async Task Listen_PortIsInUse_FailsByName()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        listener.Listen();

        string taken = $"{listener.LocalEndPoint}";

        AssertFailedToStart(await ProgramRun.OfLbTcpAsync("--listen", taken, "--backends", "127.0.0.1:1"), taken);
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

        AssertFailedToStart(run, "127.0.0.1:1");
        Assert.Contains("permission", run.Error, StringComparison.OrdinalIgnoreCase);
    }

    private static void AssertIsRefused(ProgramRun run, params string[] expectations)
    {
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        AssertIsASentence(run.Error);
        Assert.All(expectations, expectation => Assert.Contains(expectation, run.Error, StringComparison.Ordinal));
    }

    private static void AssertFailedToStart(ProgramRun run, string expectation)
    {
        Assert.Equal(1, run.ExitCode);
        AssertIsASentence(run.Error);
        Assert.Contains(expectation, run.Error, StringComparison.Ordinal);
    }

    // One or two sentences on one line that a terminal shows as they are.
    private static void AssertIsASentence(string text)
    {
        Assert.InRange(text.Length, 20, 600);
        string line = Assert.Single(text.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.DoesNotContain(line, char.IsControl);
        Assert.DoesNotContain('\u2028', line);
        Assert.DoesNotContain("Exception", line, StringComparison.Ordinal);
    }

    private string Write(ReadOnlySpan<byte> content)
    {
        string path = Path.Combine(_directory, Path.GetRandomFileName());
        File.WriteAllBytes(path, content);
        return path;
    }
}
