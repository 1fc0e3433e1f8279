using System.Text;
using LbTcp.Configuration;

namespace LbTcp.Tests.Configuration;

public sealed class BackendsFileTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("lbtcp-backends-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Theory]
    [InlineData("a:1\nb:2\n")]
    [InlineData("a:1\nb:2")]
    [InlineData("a:1\r\nb:2\r\n")]
    [InlineData("\n\n  a:1  \n\t\n\tb:2\t\n")]
    [InlineData("# first\na:1 # the old one\n  # second\nb:2\t#\n#b:2\n")]
    public void TryParse_BlanksAndComments_AreNotBackends(string text) => Assert.Equal(["a:1", "b:2"], Parsed(text));

    [Fact]
    public void TryParse_HashWithinAWord_IsNoComment() =>
        Assert.Equal("f:1:1: 'a:1#b' is not a backend: the port '1#b' is not a number from 1 to 65535.", Error("a:1#b"));

    [Theory]
    [InlineData("a:1\n\n# x\nb:x\nc:7", "f:4:1: 'b:x' is not a backend: the port 'x' is not a number from 1 to 65535.")]
    [InlineData("a:1\r\nb\r\n", "f:2:1: 'b' is not a backend: the port is missing; write host:port.")]
    [InlineData("a:1\n\nb:2\nA:1", "f:4:1: a:1 is listed already, on line 1.")]
    [InlineData("http://[::1]:1\n[0:0::1]:1", "f:2:1: [::1]:1 is listed already, on line 1.")]
    [InlineData("a:1\n\0\nb:2", @"f:2:1: '\u0000' is not a backend: the port is missing; write host:port.")]
    [InlineData("a:1\rb:2", @"f:1:1: 'a:1\u000Db:2' is not a backend: an IPv6 address goes in brackets; write [::1]:port.")]
    [InlineData("a:1\nb:1 wieght=2", "f:2:5: 'b:1' has the unknown option 'wieght=2'; did you mean weight?")]
    [InlineData("a:1 name=web\nb:1\nc:1 name=web", "f:3:5: web is listed already, on line 1.")]
    public void TryParse_WrongLine_IsRefusedNamingFileAndLine(string text, string expected) => Assert.Equal(expected, Error(text));

    [Fact]
    public void TryParse_WrongLines_AreAllReportedWithTheirPlaces()
    {
        const string Text = """
            a:1 weight=2   # right
            	a:1	weight=300 backup backup

            b:x wieght=1
            c:1 check=none health_path=/x check_port=80 name=d # three
            e:1 name=d
            """;
        Assert.Equal(
            [
                "f:2:2: a:1 is listed already, on line 1.",
                "f:2:6: 'a:1' has the option 'weight=300', which is not a whole number from 0 to 256.",
                "f:2:24: 'a:1' has the option backup twice.",
                "f:4:1: 'b:x' is not a backend: the port 'x' is not a number from 1 to 65535.",
                "f:4:5: 'b:x' has the unknown option 'wieght=1'; did you mean weight?",
                "f:5:16: 'c:1' has check=none and health_path, but is not checked then; leave one of them out.",
                "f:5:31: 'c:1' has check=none and check_port, but is not checked then; leave one of them out.",
                "f:6:5: d is listed already, on line 5.",
            ],
            Errors(Text.Replace(@"\t", "\t", StringComparison.Ordinal)).Select(error => error.ToString()));
    }

    [Fact]
    public void TryParse_WrongLine_IsQuotedWithBlanksAndCommentButWithoutItsEnd() =>
        Assert.Equal(" a:1\tx # y ", Assert.Single(Errors("b:1\r\n a:1\tx # y \r\n")).LineText);

    [Fact]
    public void TryParse_LineWithMistakes_IsKnownToLaterLines() => Assert.Equal(
        [(1, 5), (2, 1)], Errors("a:1 weight=x\na:1").Select(error => (error.Line ?? 0, error.Column ?? 0)));

    [Fact]
    public void TryParse_HundredThousandWrongLines_AreAllReported()
    {
        IReadOnlyList<ConfigurationError> errors = Errors(string.Join('\n', Enumerable.Range(1, 100_000).Select(i => $"a{i}:x")));
        Assert.Equal(100_000, errors.Count);
        Assert.Equal((100_000, 1), (errors[^1].Line, errors[^1].Column));
    }

    // Each takes memory, and no one reads so many.
    [Theory]
    [InlineData("x\n")]
    [InlineData("a:1 x=1\n")]
    [InlineData("a:1 x=1 ")]
    [InlineData("zz ")]
    public void TryParse_MillionsOfMistakes_AreNotAllKept(string mistake) =>
        Assert.InRange(Errors(string.Concat(Enumerable.Repeat(mistake, 1_000_000))).Count, 1, 100_100);

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    [InlineData("# nobody\n")]
    public void TryParse_NoBackend_IsRefused(string text) =>
        Assert.Equal("f lists no backend. Write one host:port per line.", Error(text));

    [Fact]
    public void TryParse_HundredThousandLines_AreRead()
    {
        string text = string.Join('\n', Enumerable.Range(0, 100_000).Select(i => $"10.{i >> 16}.{(i >> 8) & 255}.{i & 255}:80"));
        Assert.Equal(100_000, Parsed(text).Length);
    }

    [Fact]
    public void TryParse_LineOfAMebibyte_IsRefusedWithAShortQuote()
    {
        string error = Error($"a:1\n{new string('x', 1024 * 1024)}");
        Assert.StartsWith("f:2:1: 'xxx", error, StringComparison.Ordinal);
        Assert.InRange(error.Length, 80, 250);
    }

    [Fact]
    public void TryRead_ByteOrderMark_IsNoPartOfTheFirstLine()
    {
        string path = Write([.. Encoding.UTF8.Preamble, .. "a:1\n"u8]);
        Assert.True(BackendsFile.TryRead(path, out IReadOnlyList<BackendOptions>? backends, out _));
        Assert.Equal("a:1", Assert.Single(backends).Address.HostAndPort);
    }

    [Fact]
    public void TryRead_BytesThatAreNoText_AreRefusedNamingTheLine()
    {
        string path = Write([.. "a:1\n"u8, 0xFF, 0xFE, 0x00, 0x80]);
        Assert.StartsWith($"{path}:2:1: ", ReadError(path), StringComparison.Ordinal);
    }

    [Fact]
    public void TryRead_MissingFile_IsRefused()
    {
        string path = Path.Combine(_directory.FullName, "none");
        Assert.Equal($"{path} does not exist.", ReadError(path));
        path = Path.Combine(path, "none");
        Assert.Equal($"{path} does not exist.", ReadError(path));
    }

    [Fact]
    public void TryRead_Directory_IsRefused() =>
        Assert.Equal($"{_directory.FullName} is a directory, not a backends file.", ReadError(_directory.FullName));

    // A file that may only be written, by root too.
    [SkippableFact]
    public void TryRead_FileWithoutPermission_IsRefused()
    {
        const string Path = "/proc/sys/vm/compact_memory";
        Skip.IfNot(File.Exists(Path), $"there is no {Path}");
        Assert.Equal($"{Path} cannot be read: permission denied.", ReadError(Path));
    }

    [SkippableFact]
    public void TryRead_FileWithoutEnd_IsRefused()
    {
        Skip.IfNot(File.Exists("/dev/zero"), "there is no /dev/zero");
        Assert.Equal("/dev/zero is larger than 16 MiB, the maximum for a backends file.", ReadError("/dev/zero"));
    }

    [Fact]
    public void TryRead_PathWithControlCharacters_IsEscaped() => Assert.Equal(@"no\u001Bfile does not exist.", ReadError("no\u001bfile"));

    [Theory]
    [InlineData("a\0b")]
    [InlineData("")]
    public void TryRead_PathThatIsNone_IsRefused(string path) =>
        Assert.Contains("cannot be read", ReadError(path), StringComparison.Ordinal);

    private static string[] Parsed(string text)
    {
        Assert.True(
            BackendsFile.TryParse("f", text, out IReadOnlyList<BackendOptions>? backends, out IReadOnlyList<ConfigurationError> errors),
            string.Join('\n', errors));
        Assert.Empty(errors);
        return [.. backends.Select(backend => backend.Address.HostAndPort)];
    }

    private static string Error(string text)
    {
        ConfigurationError error = Assert.Single(Errors(text));
        Assert.Equal("f", error.Source);
        return error.ToString();
    }

    private static IReadOnlyList<ConfigurationError> Errors(string text)
    {
        Assert.False(BackendsFile.TryParse("f", text, out _, out IReadOnlyList<ConfigurationError> errors));
        return errors;
    }

    private static string ReadError(string path)
    {
        Assert.False(BackendsFile.TryRead(path, out _, out IReadOnlyList<ConfigurationError> errors));
        ConfigurationError error = Assert.Single(errors);
        Assert.Equal(SafeText.Escape(path), error.Source);
        return error.ToString();
    }

    private string Write(byte[] content)
    {
        string path = Path.Combine(_directory.FullName, "backends");
        File.WriteAllBytes(path, content);
        return path;
    }
}
