using System.Runtime.Versioning;
using LbTcp.Cli;

namespace LbTcp.Tests.Cli;

public sealed class CheckCommandTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("lbtcp-check-").FullName;
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    // The tests' working directory holds no backends.txt.
    [Fact]
    public async Task RunAsync_File_PrintsTheEffectiveSettings()
    {
        string file = Write("new", "127.0.0.1:1 weight=2", "127.0.0.2:1");
        Assert.Equal(0, await RunAsync("check", file));
        Assert.Contains("backend 127.0.0.1:1 = 127.0.0.1:1 weight=2 check=tcp check_interval=2s", Output);
        Assert.Contains($"backends 2  from {file}", Output);
        Assert.Contains("algorithm roundrobin  from default", Output);
        Assert.Empty(_error.ToString());
    }

    [Fact]
    public async Task RunAsync_BytesOfChecks_ArePrintedAsTheyAreRead()
    {
        string file = Write("new", @"127.0.0.1:1 check_send=QUIT\x0d\x0a", "127.0.0.2:1 check=redis");
        Assert.Equal(0, await RunAsync("check", file, "--check-expect", "a b"));
        Assert.Contains(
            @"backend 127.0.0.1:1 = 127.0.0.1:1 weight=1 check=tcp check_send=QUIT\r\n check_expect=a\x20b check_interval=2s", Output);
        Assert.Contains("backend 127.0.0.2:1 = 127.0.0.2:1 weight=1 check=redis check_interval=2s", Output);
        Assert.Contains(@"check_expect a\x20b  from --check-expect", Output);
    }

    [Fact]
    public async Task RunAsync_PasswordOfACollector_IsNotPrinted()
    {
        string file = Write("new", "127.0.0.1:1");
        Assert.Equal(0, await RunAsync("check", file, "--otlp-endpoint", "http://user:secret@collector:4318/v1?a@b"));
        Assert.Contains("otlp_endpoint http://***@collector:4318/v1?a@b  from --otlp-endpoint", Output);
        Assert.Contains("are not sent; use OTEL_EXPORTER_OTLP_HEADERS.", _error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", $"{Output}{_error}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task RunAsync_FlagsBeforeAndAfterTheFile_AreUsed(int position)
    {
        List<string> args = ["--rise", "7", "--algorithm=first"];
        args.InsertRange(Math.Min(position, args.Count), ["check", Write("f", "127.0.0.1:1")]);
        Assert.Equal((0, ""), (await RunAsync([.. args]), _error.ToString()));
        Assert.Contains("rise 7  from --rise", Output);
        Assert.Contains("algorithm first  from --algorithm", Output);
    }

    [Fact]
    public async Task RunAsync_FlagsOnly_AreCheckedAsByValidate()
    {
        Assert.Equal(0, await RunAsync("check", "--max-connections", "9", "-b", "127.0.0.1:1"));
        string output = _output.ToString();
        _output.GetStringBuilder().Clear();
        Assert.Equal(0, await RunAsync("--validate", "--max-connections", "9", "-b", "127.0.0.1:1"));
        Assert.Equal(output, _output.ToString());
    }

    [Fact]
    public async Task RunAsync_WrongFile_ReportsEveryMistake()
    {
        string file = Write("wrong", "127.0.0.1:1", "", "web1 wieght=2", "\t127.0.0.1:1 weight=257");
        Assert.Equal(2, await RunAsync("check", file));
        Assert.Equal(
            $"""
            {file}:3:1: 'web1' is not a backend: the port is missing; write host:port.
              3 | web1 wieght=2
                | ^
            {file}:3:6: 'web1' has the unknown option 'wieght=2'; did you mean weight?
              3 | web1 wieght=2
                |      ^
            {file}:4:2: 127.0.0.1:1 is listed already, on line 1.
              4 | {"\t"}127.0.0.1:1 weight=257
                | {"\t"}^
            {file}:4:14: '127.0.0.1:1' has the option 'weight=257', which is not a whole number from 0 to 256.
              4 | {"\t"}127.0.0.1:1 weight=257
                | {"\t"}            ^
            lbtcp: 4 errors in {file}

            """.ReplaceLineEndings(),
            _error.ToString());
        Assert.Empty(_output.ToString());
    }

    [Fact]
    public async Task RunAsync_WrongFlagForManyFiles_IsReportedOnce()
    {
        Assert.Equal(2, await RunAsync("check", Write("a", "a:1"), Write("b", "b:1"), "--max-ejection-time", "1s"));
        Assert.Equal(
            $"lbtcp: --max-ejection-time is 1s, which is shorter than --ejection-time, 10s.{Environment.NewLine}", _error.ToString());
    }

    [Fact]
    public async Task RunAsync_ManyFiles_AreAllCheckedBeforeAnythingIsPrinted()
    {
        string right = Write("right", "127.0.0.1:1");
        string missing = Path.Combine(_directory, "missing");
        Assert.Equal(2, await RunAsync("check", Write("wrong", "a:x"), right, missing));
        Assert.Contains(
            $"lbtcp: {missing} does not exist.{Environment.NewLine}lbtcp: 2 errors in ", _error.ToString(), StringComparison.Ordinal);
        Assert.Empty(_output.ToString());
        Assert.Equal(0, await RunAsync("check", right, Write("other", "127.0.0.2:1")));
        Assert.Contains($"# {right}", Output);
        Assert.Contains("backends 1  from " + Path.Combine(_directory, "other"), Output);
    }

    [Fact]
    public async Task RunAsync_NamesThatDoNotResolve_AreAllReported()
    {
        Assert.Equal(2, await RunAsync("check", "-b", "no-such-host.invalid:1", "nor-such-host.invalid:1"));
        Assert.Contains("lbtcp: The name of the backend no-such-host.invalid:1 ", _error.ToString(), StringComparison.Ordinal);
        Assert.Contains("lbtcp: The name of the backend nor-such-host.invalid:1 ", _error.ToString(), StringComparison.Ordinal);
        Assert.Contains("lbtcp: 2 errors in --backends", _error.ToString(), StringComparison.Ordinal);
        Assert.Empty(_output.ToString());
    }

    [SkippableFact]
    [UnsupportedOSPlatform("windows")]
    public async Task RunAsync_Warnings_AreWrittenAndDoNotFail()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no file modes");
        string file = Write("open", "127.0.0.1:1 health_path=/x");
        File.SetUnixFileMode(file, (UnixFileMode)0b110_110_110);
        Assert.Equal(0, await RunAsync("check", file, "--idle-timeout", "0"));
        Assert.Equal(
            $"""
            lbtcp: warning: {file} is writable by every user of this system, who can change what LbTcp does; run 'chmod o-w {file}'.
            lbtcp: warning: --idle-timeout is off: a connection whose peers stay silent is never closed.
            lbtcp: warning: The health_path of 127.0.0.1:1 is ignored: the backend is not checked by HTTP; add check=http.

            """.ReplaceLineEndings(),
            _error.ToString());
        Assert.Contains("idle_timeout 0  from --idle-timeout", Output);
    }

    [Fact]
    public async Task RunAsync_Against_PrintsThePlanOfAReload()
    {
        string old = Write("old", "# old", "127.0.0.1:1", "127.0.0.2:1", "127.0.0.3:1");
        string file = Write("new", "127.0.0.3:1", "127.0.0.4:1 name=web4", "127.0.0.1:1 weight=3 # more");
        Assert.Equal((0, ""), (await RunAsync("check", file, "--against", old), _error.ToString()));
        Assert.EndsWith(
            """

            reload added backend=web4 address=127.0.0.4:1 weight=1
            reload changed backend=127.0.0.1:1 weight=3 was=1
            reload removed backend=127.0.0.2:1 on_removed=drain
            backends added=1 changed=1 removed=1 unchanged=1

            """.ReplaceLineEndings(),
            _output.ToString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_AgainstAWrongFile_ReportsItsMistakes()
    {
        string old = Write("old", "a:x");
        Assert.Equal(2, await RunAsync("check", Write("new", "127.0.0.1:1"), "--against", old));
        Assert.StartsWith($"{old}:1:1: ", _error.ToString(), StringComparison.Ordinal);
        Assert.Empty(_output.ToString());
    }

    [Fact]
    public async Task RunAsync_ConfigurationFiles_AreReadWithTheirServices()
    {
        string Services(string web, string more) =>
            $"{{ \"services\": {{ \"web\": {{ \"listen\": \"127.0.0.1:1\", \"backends\": {web} }}{more} }} }}";

        string old = Write(
            "old.json",
            Services("\"127.0.0.1:2\"", ", \"gone\": { \"listen\": \"127.0.0.1:4\", \"backends\": \"127.0.0.1:5\" }"));
        string file = Write("new.JSON", Services("[\"127.0.0.1:2\", \"127.0.0.1:3\"]", ""));
        Assert.Equal((0, ""), (await RunAsync("check", file, "--against", old), _error.ToString()));
        Assert.Contains($"backends 2  from {file}:1:63 (services.web.backends)", Output);
        Assert.EndsWith(
            """

            reload added service=web backend=127.0.0.1:3 address=127.0.0.1:3 weight=1
            reload removed service name=gone drain_timeout=30s
            backends added=1 changed=0 removed=1 unchanged=1

            """.ReplaceLineEndings(),
            _output.ToString(),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"log_level\": \"info\"", "\"log_level\": \"warn\"", 0, "")]
    [InlineData("\"transport\": \"auto\"", "\"transport\": \"sockets\"", 2,
        "lbtcp: A reload is refused: transport cannot change while running; restart lbtcp.\n")]
    [InlineData("\"transport\": \"auto\"", "\"transport\": \"sockets\", \"log_format\": \"json\"", 2,
        "lbtcp: A reload is refused: transport cannot change while running; restart lbtcp.\n"
        + "lbtcp: A reload is refused: log_format cannot change while running; restart lbtcp.\nlbtcp: 2 errors in NEW\n")]
    public async Task RunAsync_AgainstWhatAReloadRefuses_EndsWith2AndSaysWhy(
        string before, string after, int exitCode, string errors)
    {
        string With(string setting) =>
            $"{{ {setting}, \"services\": {{ \"web\": {{ \"listen\": \"127.0.0.1:1\", \"backends\": \"127.0.0.1:2\" }} }} }}";

        string old = Write("old.json", With(before));
        string file = Write("new.json", With(after));
        Assert.Equal(exitCode, await RunAsync("check", file, "--against", old));
        Assert.Equal(errors.Replace("NEW", file, StringComparison.Ordinal), _error.ToString().ReplaceLineEndings("\n"));
        Assert.Contains("backends 1", _output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--against compares one file: check FILE --against OLD.", "check", "--against", "x")]
    [InlineData("--against compares one file: check FILE --against OLD.", "check", "x", "y", "--against", "x")]
    [InlineData("--backends and FILE exclude each other; use one of them.", "check", "x", "-b", "a:1")]
    [InlineData("FILE and --backends-file exclude each other; use one of them.", "check", "x", "-f", "y")]
    [InlineData("x.json does not exist.", "check", "x.json")]
    [InlineData("FILE and --config exclude each other; use one of them.", "check", "x.json", "-c", "y")]
    [InlineData("There is no flag '--agianst'; did you mean --against? See lbtcp --help.", "check", "x", "--agianst", "y")]
    [InlineData("Unrecognized command or argument '--flap'. See lbtcp --help.", "check", "x", "--flap")]
    public async Task RunAsync_WrongArguments_EndsWith2AndOneSentence(string sentence, params string[] args)
    {
        Assert.Equal(2, await RunAsync(args));
        Assert.Equal($"lbtcp: {sentence}{Environment.NewLine}", _error.ToString());
    }

    [Fact]
    public async Task RunAsync_Help_PrintsThePage()
    {
        Assert.Equal(0, await RunAsync("check", "--help"));
        Assert.Contains("check [FILE]... [--against OLD]", _output.ToString(), StringComparison.Ordinal);
    }

    private string[] Output => _output.ToString().Split(Environment.NewLine);

    private Task<int> RunAsync(params string[] args) => new LbTcpCommand(_output, _error).RunAsync(args);

    private string Write(string name, params string[] lines)
    {
        string path = Path.Combine(_directory, name);
        File.WriteAllLines(path, lines);
        return path;
    }
}
