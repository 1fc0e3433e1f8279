using System.Text;
using LbTcp.Cli;

namespace LbTcp.Tests.Cli;

public sealed class LbTcpCommandTests : IDisposable
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
    }

    [Theory]
    [InlineData("--listen: '80x' is not an address to listen on: the port '80x' is not a number from 1 to 65535.", "-l", "80x")]
    [InlineData("--listen: *:80 is given twice.", "-l", "80", "-l", "*:80")]
    [InlineData("--backends: 'a' is not a backend: the port is missing; write host:port.", "-b", "a")]
    [InlineData("--backends: a:1 is given twice.", "-b", "a:1", "tcp://A:1")]
    [InlineData("--backends: web is given twice.", "-b", "a:1,name=web", "b:1,name=web")]
    [InlineData("--backends: 'a:1' has the unknown option 'maxconnections=2'; did you mean max_connections?", "-b", "a:1,maxconnections=2")]
    [InlineData("--backends: 'a:1' has the unknown option 'b:1'; a further backend goes in a value of its own.", "-b", "a:1,b:1")]
    [InlineData("--backends-file: the name of the file is empty.", "-f", "")]
    [InlineData("--algorithm is 'fastest'; use roundrobin or leastconn or random or source or first.", "--algorithm", "fastest")]
    [InlineData("--check is 'HTTP', which is unknown; did you mean http?", "--check", "HTTP")]
    [InlineData(
        "--check is 'gopher'; use auto or tcp or http or https or redis or mysql or postgres or smtp or tls or memcached or none.",
        "--check", "gopher")]
    [InlineData("--algorithm is 'leastcon', which is unknown; did you mean leastconn?", "--algorithm", "leastcon")]
    [InlineData("--health-path: 'health' is not a path like /health, in ASCII, without blanks and #.", "--health-path", "health")]
    [InlineData("--health-path: '/a b' is not a path like /health, in ASCII, without blanks and #.", "--health-path", "/a b")]
    [InlineData(
        @"--health-path: '/a\u000D\u000AX: y' is not a path like /health, in ASCII, without blanks and #.", "--health-path", "/a\r\nX: y")]
    [InlineData("--check-interval is 1ms, which is not between 10ms and 720h.", "--check-interval", "1ms")]
    [InlineData("--check-timeout cannot be 0; the shortest is 1ms.", "--check-timeout", "0s")]
    [InlineData("--connect-timeout: '5' has no unit; write 5s for seconds or 5ms for milliseconds.", "--connect-timeout", "5")]
    [InlineData("--half-close-timeout cannot be 0; the shortest is 1ms.", "--half-close-timeout", "0")]
    [InlineData("--keepalive is 10h, which is not between 1s and 9h.", "--keepalive", "10h")]
    [InlineData("--idle-timeout is 721h, which is not between 1ms and 720h.", "--idle-timeout", "721h")]
    [InlineData("--rise is '0', which is not a whole number from 1 to 1000.", "--rise", "0")]
    [InlineData("--fall is '-1', which is not a whole number from 1 to 1000.", "--fall", "-1")]
    [InlineData("--retries is '1e3', which is not a whole number from 0 to 1000.", "--retries", "1e3")]
    [InlineData("--max-connections is '0', which is not a whole number from 1 to 2147483647.", "--max-connections", "0")]
    [InlineData("--max-connections is '4294967297', which is not a whole number from 1 to 2147483647.", "--max-connections", "4294967297")]
    [InlineData("--access-log is 'true'; use on, off, errors or sample=1/100.", "--access-log", "true")]
    [InlineData("Option '--rise' expects a single argument but 2 were provided.", "--rise", "1", "--rise", "2")]
    [InlineData("Option '--log-level' expects a single argument but 2 were provided.", "--log-level", "info", "--log-level", "info")]
    [InlineData("--listen has no value.", "--listen")]
    [InlineData("-l has no value.", "-b", "a:1", "-l")]
    [InlineData("--idle-timeout has no value.", "--idle-timeout")]
    [InlineData("--idle-timeout has no value: the next word is the flag --backends.", "--idle-timeout", "--backends", "a:1")]
    [InlineData("--idle-timeout has no value: the next word is the flag --backends.", "--idle-timeout", "--backends=a:1")]
    [InlineData("--backends has no value: the next word is the flag --rise.", "--backends", "--rise", "2")]
    [InlineData("-b has no value: the next word is the flag -l.", "-b", "-l", "80")]
    [InlineData("--log-format has no value: the next word is the flag --log-level.", "--log-format", "--log-level", "info")]
    [InlineData("There is no flag '--idel-timeout'; did you mean --idle-timeout?", "--idel-timeout", "1s")]
    [InlineData("There is no flag '--bakcends'; did you mean --backends?", "--rise=3", "--bakcends=a:1")]
    [InlineData("There is no flag '--Rise'; did you mean --rise?", "-b", "a:1", "--Rise", "3")]
    [InlineData("There is no flag '--nonsense'.", "-b", "a:1", "--nonsense")]
    [InlineData("There is no flag '-z'.", "-b", "a:1", "-z")]
    [InlineData("There is no flag '--flip'; did you mean --flap?", "demo", "--flip")]
    [InlineData("--backends: 'a:1' has check=none and check_port, but is not checked then; leave one of them out.", "-b",
        "a:1,check=none,check_port=80")]
    [InlineData("Unrecognized command or argument 'start'.", "start")]
    [InlineData("There is no verb 'chek'; did you mean check?", "chek", "backends.txt")]
    [InlineData("There is no verb 'drian'; did you mean drain?", "drian", "web1")]
    [InlineData("Unrecognized command or argument '@file'.", "@file")]
    [InlineData("Unrecognized command or argument '[suggest]'.", "[suggest]")]
    [InlineData("Unrecognized command or argument 'false'.", "--validate", "false")]
    [InlineData(@"Unrecognized command or argument 'a\u001B[2J'.", "a\u001b[2J")]
    public async Task RunAsync_WrongArguments_EndsWith2AndOneSentence(string sentence, params string[] args)
    {
        Assert.Equal(2, await RunAsync(args));
        Assert.Equal($"lbtcp: {sentence} See lbtcp --help.{Environment.NewLine}", _error.ToString());
        Assert.Empty(_output.ToString());
    }

    [Fact]
    public async Task RunAsync_ManyWrongFlags_AreAllReported()
    {
        Assert.Equal(2, await RunAsync(
            "--rise", "0", "--idel-timeout", "1s", "--algorithm", "leastcon", "-b", "a:x",
            "b:1,weight=1,wieght=2,weight=2", "--fall", "--retries"));
        Assert.Equal(
            """
            lbtcp: --rise is '0', which is not a whole number from 1 to 1000.
            lbtcp: There is no flag '--idel-timeout'; did you mean --idle-timeout?
            lbtcp: --algorithm is 'leastcon', which is unknown; did you mean leastconn?
            lbtcp: --backends: 'a:x' is not a backend: the port 'x' is not a number from 1 to 65535.
            lbtcp: --backends: 'b:1' has the unknown option 'wieght=2'; did you mean weight? 'b:1' has the option weight twice.
            lbtcp: --fall has no value: the next word is the flag --retries.
            lbtcp: --retries has no value.
            lbtcp: 7 errors in the command line. See lbtcp --help.

            """.ReplaceLineEndings(),
            _error.ToString());
    }

    [Fact]
    public async Task RunAsync_BackendsAndAFile_EndsWith2()
    {
        Assert.Equal(2, await RunAsync("-b", "a:1", "-f", "backends.txt"));
        Assert.Equal($"lbtcp: --backends and --backends-file exclude each other; use one of them.{Environment.NewLine}", _error.ToString());
    }

    [Theory]
    [InlineData("--check-send is QUIT, which is not used by --check, redis.", "--check", "redis", "--check-send", "QUIT")]
    [InlineData("--max-ejection-time is 5s, which is shorter than --ejection-time, 10s.", "--max-ejection-time", "5s")]
    [InlineData("--max-ejection-time is 5m, which is shorter than --ejection-time, 1h.", "--ejection-time", "1h")]
    public async Task RunAsync_SettingsContradictEachOther_EndsWith2(string sentence, params string[] args)
    {
        Assert.Equal(2, await RunAsync(["-b", "a:1", .. args]));
        Assert.Equal($"lbtcp: {sentence}{Environment.NewLine}", _error.ToString());
    }

    [Fact]
    public async Task RunAsync_MissingFile_EndsWith2()
    {
        Assert.Equal(2, await RunAsync("-f", "/no/such/file"));
        Assert.Equal($"lbtcp: /no/such/file does not exist.{Environment.NewLine}", _error.ToString());
    }

    // The tests' working directory holds no backends.txt.
    [Fact]
    public async Task RunAsync_NoArgumentsAndNoFile_EndsWith2AndTheWayOut()
    {
        Assert.Equal(2, await RunAsync());
        Assert.Equal(
            "lbtcp: There are no backends: give --backends host:port..., or list them in backends.txt here, " +
            $"or name a file with --backends-file.{Environment.NewLine}",
            _error.ToString());
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("--help", "--rise", "nonsense")]
    public async Task RunAsync_Help_PrintsThePageAndEndsWith0(params string[] args)
    {
        Assert.Equal(0, await RunAsync(args));
        Assert.StartsWith("lbtcp - a layer-4 TCP load balancer", _output.ToString(), StringComparison.Ordinal);
        Assert.Empty(_error.ToString());
    }

    [Fact]
    public async Task RunAsync_Version_PrintsItAndEndsWith0()
    {
        Assert.Equal(0, await RunAsync("--version"));
        Assert.Matches(@"^[0-9]+\.[0-9]+\.[0-9]+", _output.ToString());
        Assert.Empty(_error.ToString());
    }

    [Fact]
    public async Task RunAsync_Validate_PrintsTheEffectiveSettings()
    {
        Assert.Equal(0, await RunAsync("--validate", "-b", "http://localhost:3001", "--max-connections", "9", "--idle-timeout", "90s"));
        string[] lines = _output.ToString().Split(Environment.NewLine);
        Assert.Contains("listen 127.0.0.1:8080  from default", lines);
        Assert.Contains(
            lines,
            line => line.StartsWith("backend http://localhost:3001 = ", StringComparison.Ordinal) &&
                line.Contains("127.0.0.1:3001", StringComparison.Ordinal));
        Assert.Contains("max_connections 9  from --max-connections", lines);
        Assert.Contains("idle_timeout 1m30s  from --idle-timeout", lines);
        Assert.Contains("when_all_down reset  from default", lines);
        Assert.Empty(_error.ToString());
    }

    [Theory]
    [InlineData("127.0.0.1:1", "weight=1 check=tcp check_interval=2s")]
    [InlineData("http://127.0.0.1:1", "weight=1 check=http health_path=/health check_interval=2s")]
    [InlineData("127.0.0.1:1,check=http,health_path=/up,check_port=2,check_interval=1s",
        "weight=1 check=http health_path=/up check_port=2 check_interval=1s")]
    [InlineData("127.0.0.1:1,name=x,weight=0,backup,max_connections=5,check=none", "name=x weight=0 backup max_connections=5 check=none")]
    public async Task RunAsync_Validate_PrintsHowABackendIsUsed(string backend, string expected)
    {
        Assert.Equal(0, await RunAsync("--validate", "-b", backend));
        Assert.Contains($"backend {backend.Split(',')[0]} = 127.0.0.1:1 {expected}", _output.ToString().Split(Environment.NewLine));
    }

    [Fact]
    public async Task RunAsync_ValidateWithANameThatDoesNotResolve_EndsWith2()
    {
        Assert.Equal(2, await RunAsync("--validate", "-b", "no-such-host.invalid:1"));
        Assert.StartsWith(
            "lbtcp: The name of the backend no-such-host.invalid:1 cannot be resolved now: ", _error.ToString(), StringComparison.Ordinal);
        Assert.Empty(_output.ToString());
    }

    [Fact]
    public async Task RunAsync_OutputThatTakesNoText_EndsWith1AndSaysSo()
    {
        Assert.Equal(1, await new LbTcpCommand(new FullWriter(), _error).RunAsync(["--help"]));
        Assert.Equal($"lbtcp: Cannot write to standard output: No space left on device{Environment.NewLine}", _error.ToString());
    }

    [Fact]
    public async Task RunAsync_ErrorsThatTakeNoText_EndsWithTheSameCode() =>
        Assert.Equal(2, await new LbTcpCommand(_output, new FullWriter()).RunAsync(["--nonsense"]));

    private Task<int> RunAsync(params string[] args) => new LbTcpCommand(_output, _error).RunAsync(args);

    private sealed class FullWriter : TextWriter
    {
        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value) => throw new IOException("No space left on device");
    }
}
