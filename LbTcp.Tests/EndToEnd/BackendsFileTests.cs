using System.Text;
using LbTcp.Tests.EndToEnd.Harness;

namespace LbTcp.Tests.EndToEnd;

/// <summary>What the program makes of a backends file: backends, or errors with their places and an exit code.</summary>
public sealed class BackendsFileTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("lbtcp-test-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

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
    [InlineData("127.0.0.1:3001\n\n127.0.0.1\n", "3:1")]
    [InlineData("127.0.0.1:3001\n127.0.0.1:30\0\n", "2:1")]
    [InlineData("127.0.0.1:3001\n\u001b[31m\u2028\u0085:80\n", "2:1")]
    [InlineData("127.0.0.1:3001\n127.0.0.1:3001\n", "2:1")]
    [InlineData("127.0.0.1:3001 what=ever\n", "1:16")]
    public async Task BackendsFile_HasAWrongLine_IsRefusedWithFileLineAndColumn(string content, string place)
    {
        string path = Write(Encoding.UTF8.GetBytes(content));

        Refusals.AssertIsReported(await ProgramRun.OfLbTcpAsync("--backends-file", path), $"{path}:{place}: ");
    }

    [Fact]
    public async Task BackendsFile_IsUnreasonable_IsRefused()
    {
        string[] paths =
        [
            Write([]),
            Write("# nothing but a comment\n"u8),
            Path.Combine(_directory, "missing"),
            _directory,
        ];

        foreach (string path in paths)
            Refusals.AssertIsRefused(await ProgramRun.OfLbTcpAsync("--backends-file", path), path);

        string[] garbled =
        [
            Write([0xFF, 0xFE, 0x00, 0xD8, (byte)'\n']),
            Write(Encoding.ASCII.GetBytes(new string('a', 1024 * 1024) + ":80\n")),
        ];
        foreach (string path in garbled)
            Refusals.AssertIsReported(await ProgramRun.OfLbTcpAsync("--backends-file", path), path);
    }

    [Fact]
    public async Task BackendsFile_HasManyLines_IsReadInReasonableTime()
    {
        IEnumerable<string> lines = Enumerable.Range(0, 100_000).Select(i => $"10.{i >> 16}.{(i >> 8) & 255}.{i & 255}:80\n");

        string path = Write(Encoding.ASCII.GetBytes(string.Concat(lines)));

        ProgramRun run = await ProgramRun.OfLbTcpAsync("--validate", "--backends-file", path);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
    }

    private string Write(ReadOnlySpan<byte> content)
    {
        string path = Path.Combine(_directory, Path.GetRandomFileName());
        File.WriteAllBytes(path, content);
        return path;
    }
}
