using LbTcp.Cli;
using LbTcp.Configuration;

namespace LbTcp.Tests.Cli;

/// <summary>
/// Random input, the same in every run: whatever an operator writes is taken or refused in words, never by another exception.
/// </summary>
public class CommandLineFuzzTests
{
    private static readonly string[] _words =
    [
        "--listen", "-l", "--backends", "-b", "--backends-file", "-f", "--algorithm", "--check", "--health-path", "--check-interval",
        "--check-timeout", "--config", "-c",
        "--rise", "--fall", "--connect-timeout", "--retries", "--when-all-down", "--idle-timeout", "--half-close-timeout", "--access-log",
        "--max-connections", "--drain-timeout", "--keepalive", "--transport", "--log-level", "--log-format", "--validate",
        "check", "chek", "--against", "--wait", "--json", "--admin",
        "--flap", "--", "-", "", " ", "=", "--listen=", "--rise:2", "-b=a:1", "8080", "0", "-1", "a:1", "b:2,", "[::1]:80", "[::1", "[x]",
        "@x", "2s", "1h30m",
        "99999999999999999999", "0ms", "/health", "http", "auto", "on", "roundrobin",
        "\0", "\n", "é", "\ud800", "%s", "${HOME}", "http://",
        "://", "/dev/null", "/",
    ];

    private const string Characters = "0123456789abcxyz.:/[]%#-_ \t\r\n\0,=*@é٨";

    [Fact]
    public void Read_RandomArguments_AreTakenOrRefusedInOneLine()
    {
        var random = new Random(1);
        for (int i = 0; i < 3_000; i++)
        {
            string[] args = [.. Enumerable.Range(0, random.Next(1, 8)).Select(
                _ => random.Next(8) == 0 ? RandomText(random) : _words[random.Next(_words.Length)])];
            try
            {
                Assert.NotEmpty(new LbTcpCommand(TextWriter.Null, TextWriter.Null).Read(args).Services[0].Backends);
            }
            catch (OperatorException exception)
            {
                Assert.Equal(ExitCode.Usage, exception.ExitCode);
                AssertIsOneLine(exception.Message);
                Assert.All(exception.Errors, error => AssertIsOneLine(error.ToString()));
            }
        }
    }

    [Fact]
    public void TryParse_RandomText_IsTakenOrRefusedInOneLine()
    {
        var random = new Random(2);
        for (int i = 0; i < 100_000; i++)
        {
            string text = RandomText(random);
            if (!BackendsFile.TryParse("f", text, out _, out IReadOnlyList<ConfigurationError> errors))
                Assert.All(errors, fileError => AssertIsOneLine(fileError.ToString()));
            if (!ListenAddress.TryParse(text, out _, out string? error))
                AssertIsOneLine(error);
            if (!Duration.TryParse(text, out _, out error))
                AssertIsOneLine(error);
        }
    }

    // One assertion per text: an assertion about each character takes most of the time.
    private static void AssertIsOneLine(string text) => Assert.False(text.Any(char.IsControl), text);

    private static string RandomText(Random random) => new(random.GetItems<char>(Characters, random.Next(0, 16)));
}
